// The roots of a plan: directories and files, and which of them a walker has reached.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/directory.h"
#include "scan/plan.h"

namespace mig {

// Filled before the walk; afterwards any thread may read it.
class Roots {
 public:
  explicit Roots(const Plan& plan) : plan_(plan), isTaken_(plan.roots.size()) {}

  void addDirectory(const fs::FileId& id, size_t root) { directories_[id].push_back(root); }
  // A file root, by its directory and name.
  void addFile(const fs::FileId& directory, std::string name, size_t root) {
    files_[directory].emplace_back(std::move(name), root);
  }

  // Whether a walker has reached this directory and covers it for the searches of this root.
  bool isTaken(size_t root) const { return isTaken_[root].load(); }
  // Adds the searches rooted in this directory, unless added elsewhere.
  void activate(const fs::FileId& id, size_t pathBytes, std::vector<ActiveSearch>& searches);

  bool hasFilesIn(const fs::FileId& directory) const { return !files_.empty() && files_.count(directory) != 0; }
  // Removes the searches that have this file as a root: they have seen it.
  void removeSeen(const fs::FileId& directory, std::string_view name, std::vector<ActiveSearch>& searches) const;

 private:
  struct Key {
    size_t operator()(const fs::FileId& id) const { return id.inode * 0x9e3779b97f4a7c15u ^ id.device; }
  };

  const Plan& plan_;
  std::unordered_map<fs::FileId, std::vector<size_t>, Key> directories_;
  std::unordered_map<fs::FileId, std::vector<std::pair<std::string, size_t>>, Key> files_;
  std::vector<std::atomic<bool>> isTaken_;
};

}  // namespace mig
