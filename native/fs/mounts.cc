// What is the same on every system once the table of mounts is read.
#include "fs/fs.h"

namespace mig::fs {

bool Mounts::isBelowAvoided(const std::string& realPath) const {
  for (size_t end = realPath.size(); end != std::string::npos && end > 0; end = realPath.rfind('/', end - 1)) {
    if (isAvoided(realPath.substr(0, end))) return true;
  }
  return false;
}

}  // namespace mig::fs
