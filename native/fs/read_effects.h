// Files of the kernel that nobody may read by the way: reading takes something from its reader, changes a device, or
// blocks others.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig::fs {

class ReadEffects {
 public:
  // Why the file must not be opened; null when it may. `file`: a handle that is not for reading. `path` is its absolute
  // path without links. Always null on systems without such files.
  const char* of(const Descriptor& file, const std::string& path) const;

 private:
  std::string originalOf(const std::string& path) const;

  mutable std::once_flag once_;
  mutable std::vector<Alias> aliases_;  // read when needed
};

}  // namespace mig::fs
