// A snapshot of all processes from the kernel: only the kernel itself can hide one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mig::proc {

struct SnapshotEntry {
  int pid = 0;
  int parentPid = 0;
  std::string name;  // of the executable's file; empty for the idle process
  uint64_t startMicroseconds = 0;  // since the epoch; 0 for those that began with the kernel
};

// By pid. Returns 0 or an errno value.
int readSnapshot(std::vector<SnapshotEntry>& entries);

}  // namespace mig::proc
