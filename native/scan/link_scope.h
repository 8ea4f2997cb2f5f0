// The allowed targets of file links: only places that the search covers anyway.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"
#include "scan/plan.h"

namespace mig {

class LinkScope {
 public:
  explicit LinkScope(const Plan& plan);

  // Whether the absolute path without links is in one of the search's roots.
  bool isInside(uint32_t search, const std::string& realPath) const;
  // Whether following a link with this text could touch a network or pseudo file system that was not requested.
  bool isDangerous(const std::string& directoryRealPath, const std::string& target) const;
  const fs::Mounts& mounts() const { return mounts_; }
  // Empty when the root could not be resolved.
  const std::string& realRoot(size_t root) const { return realRoots_[root]; }

 private:
  std::vector<std::string> realRoots_;                  // by root
  std::vector<std::vector<std::string>> bySearch_;
  fs::Mounts mounts_;
};

}  // namespace mig
