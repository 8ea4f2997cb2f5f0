// The names in a folder at a known place, all at once.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "fs/fs.h"

namespace mig::fs {

struct FolderNames {
  std::vector<std::pair<std::string, FileType>> entries;  // sorted by the bytes of their names
  bool isCut = false;                                     // there are more
};

// Links in the path are followed, those in the folder are not. 0 or an errno value.
int listFolder(const std::string& path, size_t mostNames, FolderNames& out);

}  // namespace mig::fs
