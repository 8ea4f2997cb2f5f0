// Reads the memory of another process, which goes on meanwhile. Linux only.
#pragma once

#include <cstdint>
#include <vector>

#include "proc/process.h"

namespace mig {

class TargetMemory {
 public:
  // A stretch of the target's memory and where it goes in the buffer.
  struct Piece {
    uint64_t address = 0;
    size_t sizeBytes = 0;
    size_t bufferOffset = 0;
    // Protected against reading by the process itself: only /proc/PID/mem gives it.
    bool isProtected = false;
  };
  // The system call takes no more pieces at once.
  static constexpr size_t kMaxPieces = 512;

  explicit TargetMemory(const proc::Process& process) : process_(process) {}

  // Fills `buffer`; `got` says for each piece how many of its bytes could be read, from its start. 0 or an errno value:
  // ESRCH when the process has ended, EACCES or EPERM when its memory may not be read.
  int read(const std::vector<Piece>& pieces, uint8_t* buffer, std::vector<size_t>& got);

 private:
  int readTogether(const std::vector<Piece>& pieces, size_t from, size_t to, uint8_t* buffer, std::vector<size_t>& got);
  int readOne(const Piece& piece, uint8_t* buffer, size_t& got);

  const proc::Process& process_;
  fs::Descriptor mem_;
  // Where process_vm_readv(2) is refused, as some sandboxes do, /proc/PID/mem may still work.
  bool onlyMem_ = false;
};

}  // namespace mig
