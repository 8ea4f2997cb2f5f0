// Finds the resident pages of a process. Only those may be read: reading another page allocates it in the process, and
// reading a whole large mapping could trigger the out-of-memory killer.
#pragma once

#include <cstdint>
#include <vector>

#include "memory/target.h"
#include "proc/process.h"

namespace mig {

class Residency {
 public:
  // EACCES when the process is another user's or the kernel refuses it to everybody.
  static int open(const proc::Process& process, Residency& out);

  // Ranges of resident pages between `from` and `to`, without the kernel's shared zero page; adds swapped-out bytes to
  // `swappedBytes`. Covers only a part and sets `walkedTo` to its end.
  int list(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);

  // Resident pages that differ from the mapped file: the process has written to its own copy.
  int listChanged(uint64_t from, uint64_t to, std::vector<uint64_t>& pages);

 private:
  int scan(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);
  // The words of the pages starting at `from`, at least one and at most up to `to`.
  int readEntries(uint64_t from, uint64_t to, const uint64_t*& entries, size_t& count);

  fs::Descriptor pagemap_;
  // One word a page, see the kernel's Documentation/admin-guide/mm/pagemap.rst. Mappings are small and many, so one
  // read serves the neighbours as well.
  std::vector<uint64_t> window_;
  uint64_t windowStart_ = 0;
  bool canScan_ = true;
};

}  // namespace mig
