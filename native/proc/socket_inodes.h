// The open sockets of a process. Linux only.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "proc/process.h"

namespace mig::proc {

// The sockets' inodes, one for each descriptor. EACCES when the process is another user's. A process may have a million
// descriptors: returns a partial list when `mayContinue` returns false.
int readSocketInodes(const Process& process, std::vector<uint64_t>& inodes,
                     const std::function<bool()>& mayContinue = [] { return true; });

}  // namespace mig::proc
