#include "fs/attributes.h"

#include <linux/limits.h>
#include <sys/xattr.h>

#include <cerrno>
#include <cstring>

namespace mig::fs {

namespace {

// Handles that are not for reading cannot be asked themselves.
std::string pathOf(const AttributePlace& place) {
  const std::string path = "/proc/self/fd/" + std::to_string(place.handle.value());
  return place.name == nullptr ? path : path + '/' + place.name;
}

}  // namespace

int listAttributes(const AttributePlace& place, std::vector<std::string>& names) {
  names.clear();
  char list[XATTR_LIST_MAX];
  const std::string path = pathOf(place);
  const ssize_t count = place.name == nullptr ? listxattr(path.c_str(), list, sizeof list) : llistxattr(path.c_str(), list, sizeof list);
  if (count < 0) return errno == ENOTSUP ? 0 : errno;
  for (const char* at = list; at < list + count;) {
    const size_t length = strnlen(at, static_cast<size_t>(list + count - at));
    names.emplace_back(at, length);
    at += length + 1;
  }
  return 0;
}

int readCapabilityAttribute(const AttributePlace& place, std::vector<uint8_t>& value) {
  constexpr const char* kAttribute = "security.capability";
  // One byte more than the kernel's longest value, so that a longer one is seen.
  value.resize(25);
  const std::string path = pathOf(place);
  const ssize_t count = place.name == nullptr ? getxattr(path.c_str(), kAttribute, value.data(), value.size())
                                              : lgetxattr(path.c_str(), kAttribute, value.data(), value.size());
  if (count < 0 && errno != ENODATA && errno != ENOTSUP && errno != ERANGE) return errno;
  // A value that does not fit has no meaning: all its bytes are there, and they are too many.
  if (count < 0 && errno != ERANGE) value.clear();
  if (count >= 0) value.resize(static_cast<size_t>(count));
  return 0;
}

}  // namespace mig::fs
