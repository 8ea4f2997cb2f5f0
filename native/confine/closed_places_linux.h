// Closed files and folders, by inode. A Landlock rule is bound to an inode and covers everything reachable through it.
// With a bind mount of `/`, a rule for one folder would open the whole system. So no rule may be for a folder above a
// closed one.
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
  aboveClosed,  // a folder above a closed one: its children are checked one by one
  devices,   // the same; only harmless devices in it may be opened
  closed,
};

// The folder that contains a file.
struct FolderKind {
  bool holdsDevices = false;
  uint64_t device = 0;
};

class ClosedPlaces {
 public:
  // Device folders and `withheld`, at each mount that shows them. Returns 0 or an errno value.
  int find(const std::vector<std::string>& withheld);
  Access accessOf(const fs::FileId& id) const;

 private:
  int close(const std::vector<std::string>& paths, Access access);
  int mark(const std::string& path, Access access);

  std::map<std::pair<uint64_t, uint64_t>, Access> byInode_;
};

// The error when this process or system lacks descriptors or memory, else 0. After any other error the file is gone or out
// of this process's reach, which needs no rule.
int shortageOf(int error);

// Whether a rule may be for a file that is not closed. False for disks, keyboards and other devices, and for what lies
// below device folders.
bool isGrantable(const fs::Descriptor& file, const proc::FileStatus& status, const FolderKind& folder);

}  // namespace mig
