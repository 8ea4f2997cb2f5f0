// The portable part of the mount table.
#include "fs/fs.h"

namespace mig::fs {

bool Mounts::isBelowAvoided(const std::string& realPath) const {
  for (size_t end = realPath.size(); end != std::string::npos && end > 0; end = realPath.rfind('/', end - 1)) {
    if (isAvoided(realPath.substr(0, end))) return true;
  }
  return false;
}

bool isAtOrBelow(const std::string& path, const std::string& folder) {
  if (folder == "/") return true;
  return path.compare(0, folder.size(), folder) == 0 && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace mig::fs
