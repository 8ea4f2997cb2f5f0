// io_uring, which the event loop of Node uses where the kernel has it.
#pragma once

#include <string>

namespace mig {

// For the calling thread and every process that it starts, for good; called again it does nothing: io_uring is not there. A ring made before confinement would keep
// the rights of then, and the event loop aborts when confinement forbids the calls of its ring.
bool refuseRings(std::string& error);

}  // namespace mig
