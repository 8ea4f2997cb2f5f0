// Another process whose memory is looked at while it goes on: what is mapped, what of it is in memory, and its bytes.
// Nothing is stopped and nothing written. Every function returns 0 or an errno value unless it says otherwise.
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

// A stretch of the target's memory and where it goes in the buffer.
struct MemoryPiece {
  uint64_t address = 0;
  size_t sizeBytes = 0;
  size_t bufferOffset = 0;
  bool isProtected = false;  // against reading, by the process itself
};

class Target {
 public:
  // So many pieces can be read at once.
  static constexpr size_t kMaxPieces = 512;

  Target();
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // ESRCH when the process is not the one that began at `startTicks`, EACCES or EPERM when its memory may not be looked at;
  // some systems say that only later.
  int open(int pid, uint64_t startTicks);
  // By address; none for a process that has ended. EFBIG when there are more than any honest process has.
  int readMappings(std::vector<Mapping>& mappings);
  // A thread of the kernel: it has no memory of its own.
  bool isKernelThread();
  // Whether what was read is the memory of the process that was opened, and not of another that got its number since.
  bool isStillThere();

  // Ranges of pages between `from` and `to`, which lie in one mapping, that are in memory: only those may be read, for
  // reading another makes the process have it. Adds what was swapped out to `swappedBytes`. Looks at a part only, and says
  // in `walkedTo` where that ended.
  int listResident(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo);
  // Pages of a mapped file that are in memory but not the file's: the process has written to its own copy.
  int listChanged(const Mapping& mapping, std::vector<uint64_t>& pages);
  // Fills `buffer`; `got` says for each piece how many of its bytes could be read, from its start. ESRCH when the process
  // has ended, EACCES or EPERM when its memory may not be read.
  int read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got);

  // What a page of a mapped file would hold had nobody written to it; `page` has the size of one. ENOENT when the file is
  // not there any more, or cannot be read.
  int readOriginal(const Mapping& mapping, uint64_t address, std::vector<uint8_t>& page);
  // Whether only those who administer the machine could have put the mapped file there.
  bool isOwnedByRoot(const Mapping& mapping);
  // Whether a file that only they could have put there has the name of a mapped file that was deleted, or that name with a
  // shorter version: `libz.so.1` of `libz.so.1.2.13`. So it is after an update.
  bool isReplaced(const Mapping& mapping);

  struct System;
  // For what belongs to one system only.
  System& system() { return *system_; }

 private:
  std::unique_ptr<System> system_;
};

}  // namespace mig
