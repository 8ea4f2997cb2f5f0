// Looks for patterns in the memory of one process.
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

// Which part of a process's memory a search looks at.
struct MemoryScope {
  uint64_t fromAddress = 0;
  uint64_t maxBytes = UINT64_MAX;  // of resident memory from there on
};

// Either of the two.
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
  int error = 0;  // errno value of what ended the search early; what was found before counts
  std::vector<MemoryHit> hits;  // one for each needle that is there: the lowest place that was seen
  uint64_t readBytes = 0;
  uint64_t swappedBytes = 0;  // not looked at: reading would bring them back into memory
  uint64_t remoteBytes = 0;  // mapped from a file system that might never answer, and not looked at
  uint64_t unreadBytes = 0;  // went away while we looked, or the kernel refuses them
};

// Looks for the needles with these indexes. Ends with ECANCELED when `stop` is set.
MemoryFindings searchMemory(int pid, uint64_t startTicks, const MemoryPlan& plan, const std::vector<uint32_t>& wanted,
                            CpuBudget& budget, const std::atomic<bool>& stop);

}  // namespace mig
