// The starter forks unpackers for a module process, which may not fork. Each is a copy of the starter and replaces one
// that has ended.
#pragma once

#include <sys/types.h>

#include "unpack/exchange_linux.h"
#include "unpack/rights_linux.h"

namespace mig {

// The main function of the starter; it never returns. `parent` forked it.
[[noreturn]] void runStarter(const SharedMemory& memory, pid_t parent, const MemorySize& atStart);

}  // namespace mig
