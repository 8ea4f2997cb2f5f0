// The remaining rights of unpackers and of the starter.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace mig {

// The allowed growth after the start: the largest dictionary, 128 MiB, and the decoder's own memory.
constexpr uint64_t kUnpackerMemoryBytes = uint64_t{144} << 20;

// The memory of a process, as its limits count it.
struct MemorySize {
  uint64_t addressBytes;
  uint64_t dataBytes;
};

// Reads it for this process. Returns 0 or an errno value.
int readMemorySize(MemorySize& size);

// Makes the kernel end this process when `parent`, which forked it, has ended. Returns 0 or an errno value.
int endWith(pid_t parent);

// No descriptors, no files, no capabilities, and only the system calls for starting and stopping unpackers. Returns 0
// or an errno value.
int keepStarterRights();

// For an unpacker: private memory, waiting for the module process, and exit. Returns 0 or an errno value.
int keepUnpackerRights(const MemorySize& atStart);

}  // namespace mig
