// The process that starts unpackers for a module process, which can start none itself: as a copy of itself, a new one for
// each that has ended.
#pragma once

#include <sys/types.h>

#include "unpack/exchange_linux.h"
#include "unpack/rights_linux.h"

namespace mig {

// What the starter does, from its first moment to its last. `parent` made it.
[[noreturn]] void runStarter(const SharedMemory& memory, pid_t parent, const MemorySize& atStart);

}  // namespace mig
