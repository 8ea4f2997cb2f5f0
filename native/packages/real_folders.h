// The folders of files without links, as far as they are on local file systems. Nothing behind a mount of the network
// is touched.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "fs/fs.h"

namespace mig::packages {

class RealFolders {
 public:
  // `root`: the folder of the host's files, without links and without a slash at its end. Links do not lead out of it.
  RealFolders(std::string root, const fs::Mounts& mounts) : root_(std::move(root)), mounts_(mounts) {}

  struct Found {
    std::string path;  // on this machine
    bool isAvoided = false;
  };

  // A folder of the host: an absolute path without a slash at its end, "" for its root. What is not there stays as it is.
  const Found& find(std::string_view folder) { return find(folder, 0); }

 private:
  const Found& find(std::string_view folder, unsigned links);
  Found resolve(std::string_view folder, unsigned links);

  const std::string root_;
  const fs::Mounts& mounts_;
  std::unordered_map<std::string, Found> known_;
};

}  // namespace mig::packages
