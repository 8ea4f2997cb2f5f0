// Reads the memory of another process, which goes on meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "memory/target.h"
#include "proc/process.h"

namespace mig {

class ProcessMemory {
 public:
  explicit ProcessMemory(const proc::Process& process) : process_(process) {}

  // See Target::read.
  int read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got);

 private:
  int readTogether(const std::vector<MemoryPiece>& pieces, size_t from, size_t to, uint8_t* buffer, std::vector<size_t>& got);
  int readOne(const MemoryPiece& piece, uint8_t* buffer, size_t& got);

  const proc::Process& process_;
  fs::Descriptor mem_;
  // Where process_vm_readv(2) is refused, as some sandboxes do, /proc/PID/mem may still work.
  bool onlyMem_ = false;
};

}  // namespace mig
