// Where links may lead: to any file of local file systems, and to others only where the search covers them anyway.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"
#include "fs/read_effects.h"
#include "scan/plan.h"

namespace mig {

class LinkScope {
 public:
  explicit LinkScope(const Plan& plan);

  // Whether the absolute path without links is in one of the search's roots.
  bool isInside(uint32_t search, const std::string& realPath) const;
  // Where a link with this text in this directory leads, without a look at the file system.
  std::string targetOf(const std::string& directoryRealPath, const std::string& text) const;
  // Whether the path is in a network or pseudo file system that was not requested.
  bool isDangerous(const std::string& path) const;
  const fs::Mounts& mounts() const { return mounts_; }
  const fs::ReadEffects& readEffects() const { return readEffects_; }
  // Empty when the root could not be resolved.
  const std::string& realRoot(size_t root) const { return realRoots_[root]; }

 private:
  std::vector<std::string> realRoots_;                  // by root
  std::vector<std::vector<std::string>> bySearch_;
  fs::Mounts mounts_;
  fs::ReadEffects readEffects_;
};

}  // namespace mig
