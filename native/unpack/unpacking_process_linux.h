// A process that unpacks for one thread of a module process and has no other rights.
#pragma once

#include <sys/types.h>

#include "unpack/exchange_linux.h"
#include "unpack/rights_linux.h"

namespace mig {

// The main function of the process: serves the requests in its exchange. `starter` forked it.
[[noreturn]] void unpackFor(const SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart);

}  // namespace mig
