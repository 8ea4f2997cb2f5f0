// Another process and its memory: mappings, resident pages and bytes. The process runs on and is not changed. Every
// function returns 0 or an errno value unless it says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "memory/mapping.h"

namespace mig {

uint64_t pageBytes();

struct ResidentRange {
  uint64_t start = 0;
  uint64_t end = 0;
};

// A range of the target's memory and its place in the buffer.
struct MemoryPiece {
  uint64_t address = 0;
  size_t sizeBytes = 0;
  size_t bufferOffset = 0;
  bool isProtected = false;  // made unreadable by the process itself
};

class Target {
 public:
  // The most pieces for one read.
  static constexpr size_t kMaxPieces = 512;

  Target();
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // ESRCH when the process is not the one that began at `startTicks`; EACCES or EPERM when its memory is off limits.
  // Some systems report that only later.
  int open(int pid, uint64_t startTicks);
  // By address; none for an ended process. `cut`: there are more than are read.
  int readMappings(std::vector<Mapping>& mappings, bool* cut = nullptr);
  // A kernel thread has no memory of its own.
  bool isKernelThread();
  // Whether the pid still belongs to the opened process, so that what was read is that process's memory.
  bool isStillThere();

  // Resident page ranges between `from` and `to`, which lie in one mapping. Only those may be read: reading another
  // page allocates it in the process. Adds swapped-out bytes to `swappedBytes`. Covers only a part and sets `walkedTo`
  // to its end.
  int listResident(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);
  // Resident pages that differ from the mapped file: the process has written to its own copy.
  int listChanged(const Mapping& mapping, std::vector<uint64_t>& pages);
  // Fills `buffer`; `got` is the number of readable bytes at the start of each piece. ESRCH when the process has ended,
  // EACCES or EPERM when its memory may not be read.
  int read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got);

  // The file's content of a mapped page; `page` has the size of one page. ENOENT when the file is missing or cannot be
  // read.
  int readOriginal(const Mapping& mapping, uint64_t address, std::vector<uint8_t>& page);
  // Whether only administrators of the machine could have written the mapped file.
  bool isOwnedByRoot(const Mapping& mapping);
  // Whether a deleted mapped file was replaced, as by an update: an administrator's file has its name, or the name with
  // a shorter version, such as `libz.so.1` for `libz.so.1.2.13`.
  bool isReplaced(const Mapping& mapping);

  struct System;
  // For code of one system only.
  System& system() { return *system_; }

 private:
  std::unique_ptr<System> system_;
};

}  // namespace mig
