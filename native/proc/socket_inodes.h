// Which sockets a process has open. Linux only.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "proc/process.h"

namespace mig::proc {

// Their inodes, one for each descriptor. EACCES when the process is another user's. A process may have a million
// descriptors: ends early, with what there is, when `mayContinue` says so.
int readSocketInodes(const Process& process, std::vector<uint64_t>& inodes,
                     const std::function<bool()>& mayContinue = [] { return true; });

}  // namespace mig::proc
