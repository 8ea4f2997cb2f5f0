// A process that unpacks for one thread of a module process and can do nothing else.
#pragma once

#include <sys/types.h>

#include "unpack/exchange_linux.h"
#include "unpack/rights_linux.h"

namespace mig {

// What it does, from its first moment on, by the requests in its exchange. `starter` made it.
[[noreturn]] void unpackFor(const SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart);

}  // namespace mig
