// What no module opens, by inode. A rule of Landlock is for an inode, and is good for all that is reached through it: by a
// bind mount of `/`, a rule for one folder opens the whole system. So none may be on any way to what is closed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fs/fs.h"
#include "proc/system.h"

namespace mig {

// The strictest last.
enum class Access {
  open,
  onTheWay,  // a folder above a closed one: its children are looked at one by one
  devices,   // the same, and of its files only those that give nothing away
  closed,
};

// The folder in which a file was found.
struct FolderKind {
  bool holdsDevices = false;
  uint64_t device = 0;
};

class ClosedPlaces {
 public:
  // Folders for devices, and these folders at each place where a mount shows them; 0 or an error number.
  int find(const std::vector<std::string>& withheld);
  Access accessOf(const fs::FileId& id) const;

 private:
  void close(const std::string& path, Access access);
  void mark(const std::string& path, Access access);

  std::map<std::pair<uint64_t, uint64_t>, Access> byInode_;
};

// Whether a rule may be for a file that is not closed: not for disks, keyboards and the like, nor for what is among them.
bool isGrantable(const fs::Descriptor& file, const proc::FileStatus& status, const FolderKind& folder);

}  // namespace mig
