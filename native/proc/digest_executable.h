// Digests of a process's executable.
#pragma once

#include <atomic>
#include <cstdint>

#include "budget/cpu_budget.h"
#include "digest/digest.h"
#include "proc/facts.h"

namespace mig::proc {

// Returns 0 or an errno value; ESRCH when the process is not the one that began at `startTicks`, ECANCELED when `stop`
// was set.
int digestExecutable(int pid, uint64_t startTicks, DigestSet& digests, CpuBudget& budget, const std::atomic<bool>& stop);

}  // namespace mig::proc
