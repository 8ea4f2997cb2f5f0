// Searches the memory of one process for patterns.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "budget/cpu_budget.h"
#include "content/byte_pattern.h"
#include "memory/mapping.h"
#include "memory/memory_pattern.h"

namespace mig {

// The part of a process's memory that a search covers.
struct MemoryScope {
  uint64_t fromAddress = 0;
  uint64_t maxBytes = UINT64_MAX;  // of resident memory from `fromAddress`
};

// Exactly one of the two is set.
struct MemoryNeedle {
  std::unique_ptr<BytePattern> bytes;
  std::unique_ptr<MemoryPattern> regex;
  uint32_t scope = 0;
};

struct MemoryPlan {
  std::vector<MemoryScope> scopes;
  std::vector<MemoryNeedle> needles;
};

struct MemoryHit {
  uint32_t needle = 0;
  MappingKind kind = MappingKind::anonymous;
};

struct MemoryFindings {
  int error = 0;  // errno value that ended the search early; earlier hits count
  std::vector<MemoryHit> hits;  // one for each needle found: its lowest occurrence
  uint64_t readBytes = 0;
  uint64_t swappedBytes = 0;  // not read: reading would bring it back into memory
  uint64_t remoteBytes = 0;  // mapped from a file system that might never answer; not read
  uint64_t unreadBytes = 0;  // resident, and refused by the kernel
  bool isCut = false;  // there are more mappings than are read
};

// Searches for the needles with these indexes. Fails with ECANCELED when `stop` is set.
MemoryFindings searchMemory(int pid, uint64_t startTicks, const MemoryPlan& plan, const std::vector<uint32_t>& wanted,
                            CpuBudget& budget, const std::atomic<bool>& stop);

}  // namespace mig
