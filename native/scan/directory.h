// An open directory of a walk, and the searches that cover it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig {

struct Directory {
  fs::Descriptor descriptor;
  fs::FileId id;
  // proc and similar: sizes mean nothing there, and a file may never end.
  bool isPseudo = false;
};

// One search in one directory.
struct ActiveSearch {
  uint32_t search;
  uint32_t depth;       // of the directory below the search's root; 0 for the root itself
  uint32_t root;        // the root whose path the search reports
  uint32_t pathOffset;  // where the part below that root begins in the directory's path

  bool operator==(const ActiveSearch& other) const {
    return search == other.search && depth == other.depth && root == other.root && pathOffset == other.pathOffset;
  }
};

// A file in a directory, as the walk found it; it owns nothing.
struct FileView {
  const Directory& directory;
  const std::string& directoryPath;
  const char* name;
  size_t nameBytes;
  fs::FileType type;
  const std::vector<ActiveSearch>& searches;
  // Named as a root by the user: a link is followed wherever it leads.
  bool isRoot;
};

}  // namespace mig
