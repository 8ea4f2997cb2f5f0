// Which pages of a process are in memory now. Only those may be read: reading another one makes the process have it, and
// a look at all of a large mapping could start the kernel's out-of-memory killer.
#pragma once

#include <cstdint>
#include <vector>

#include "memory/target.h"
#include "proc/process.h"

namespace mig {

class Residency {
 public:
  // EACCES when the process is another user's or the kernel gives nobody this.
  static int open(const proc::Process& process, Residency& out);

  // Ranges of pages between `from` and `to` that are in memory and are more than the kernel's one page of zeros; adds
  // what was swapped out to `swappedBytes`. Looks at a part only, and says in `walkedTo` where that ended.
  int list(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);

  // Pages that are in memory but not of the file that is mapped there: the process has written to its own copy.
  int listChanged(uint64_t from, uint64_t to, std::vector<uint64_t>& pages);

 private:
  int scan(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);
  // Points to the words of the pages from `from` on, of which there are some, at most up to `to`.
  int readEntries(uint64_t from, uint64_t to, const uint64_t*& entries, size_t& count);

  fs::Descriptor pagemap_;
  // One word a page, see the kernel's Documentation/admin-guide/mm/pagemap.rst. Mappings are small and many: what is read
  // for one serves its neighbours.
  std::vector<uint64_t> window_;
  uint64_t windowStart_ = 0;
  bool canScan_ = true;
};

}  // namespace mig
