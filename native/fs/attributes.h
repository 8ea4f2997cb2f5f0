// Extended attributes of files, on Linux: their names, and capabilities, which are stored in one. Values of others are
// never read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig::fs {

// A file by its name in a directory, a link itself and not its target; without a name the file of the handle.
struct AttributePlace {
  const Descriptor& handle;
  const char* name;
};

// Both return 0 or an errno value. A file system without attributes has none; systems other than Linux return ENOTSUP.
// The kernel leaves out trusted.* names for processes without CAP_SYS_ADMIN.
int listAttributes(const AttributePlace& place, std::vector<std::string>& names);
// The value of security.capability; empty when the file has none.
int readCapabilityAttribute(const AttributePlace& place, std::vector<uint8_t>& value);

// The capabilities in either set of the attribute, as bits; see vfs_ns_cap_data in linux/capability.h. Nothing for a
// value that the kernel would refuse.
std::optional<uint64_t> parseCapabilities(const uint8_t* value, size_t bytes);

}  // namespace mig::fs
