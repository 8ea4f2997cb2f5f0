// Shared by Linux and macOS: *at calls and POSIX file descriptors.
#include "fs/fs_posix.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace mig::fs {

namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC;

// GNU's strerror_r may return a constant instead of filling the buffer; POSIX's returns a number.
[[maybe_unused]] const char* filled(const char* text, const char*) { return text; }
[[maybe_unused]] const char* filled(int, const char* buffer) { return buffer; }

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = std::exchange(other.value_, kNone);
  }
  return *this;
}

void Descriptor::close() {
  if (isOpen()) ::close(value_);
  value_ = kNone;
}

FileType typeOfMode(uint32_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  if (S_ISDIR(mode)) return FileType::directory;
  if (S_ISLNK(mode)) return FileType::link;
  return FileType::other;
}

int readLinkAt(int directory, const char* name, std::string& target) {
  std::vector<char> buffer(PATH_MAX + 1);
  const ssize_t count = readlinkat(directory, name, buffer.data(), buffer.size());
  if (count < 0) return errno;
  target.assign(buffer.data(), static_cast<size_t>(count));
  return 0;
}

bool isOfTrustedOwner(const Descriptor& descriptor) {
  struct stat status;
  return fstat(descriptor.value(), &status) == 0 && (status.st_uid == 0 || status.st_uid == geteuid());
}

int resolvePath(const std::string& path, std::string& realPath) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return errno;
  realPath = resolved;
  free(resolved);
  return 0;
}

int openDirectoryPath(const std::string& path, Descriptor& out) {
  return openAt(AT_FDCWD, path.c_str(), kDirectoryFlags, out);
}

int openDirectory(const Descriptor& parent, const char* name, Descriptor& out) {
  return openAt(parent.value(), name, kDirectoryFlags | O_NOFOLLOW, out);
}

int openParent(const Descriptor& child, Descriptor& out) { return openAt(child.value(), "..", kDirectoryFlags, out); }

int readLink(const Descriptor& directory, const char* name, std::string& target) {
  return readLinkAt(directory.value(), name, target);
}

int openForReading(const Descriptor& directory, const char* name, Descriptor& out) {
  return openAt(directory.value(), name, kFileFlags | O_NOFOLLOW, out);
}

std::string describeError(int error) {
  char buffer[128] = "";
  return filled(strerror_r(error, buffer, sizeof buffer), buffer);
}

}  // namespace mig::fs
