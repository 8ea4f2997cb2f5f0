// Reads the memory of another process while it runs.
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
  // Some sandboxes refuse process_vm_readv(2); /proc/PID/mem may still work there.
  bool onlyMem_ = false;
};

}  // namespace mig
