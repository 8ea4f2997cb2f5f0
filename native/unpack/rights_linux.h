// What is left to the processes that unpack, and to the one that starts them.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace mig {

// Beyond what the process has when it starts: the largest dictionary, 128 MiB, and what decoding needs beside it.
constexpr uint64_t kUnpackerMemoryBytes = uint64_t{144} << 20;

// Of a process, as its limits count them.
struct MemorySize {
  uint64_t addressBytes;
  uint64_t dataBytes;
};

// Of this process. 0 or an error number.
int readMemorySize(MemorySize& size);

// The kernel ends this process when `parent`, which made it, has ended. 0 or an error number.
int endWith(pid_t parent);

// No descriptors, no files, no capabilities, and of system calls those that starting and ending unpackers takes.
// 0 or an error number.
int keepStarterRights();

// Of a process that the starter made: memory of its own, waiting for the module process, and the end. 0 or an error number.
int keepUnpackerRights(const MemorySize& atStart);

}  // namespace mig
