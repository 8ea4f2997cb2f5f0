// io_uring, which Node's event loop uses if the kernel has it.
#pragma once

#include <string>

namespace mig {

// Makes io_uring fail with ENOSYS for the calling thread and every process that it starts, for good; a second call does
// nothing. A ring made before confinement would keep its earlier rights, and the event loop aborts when confinement
// forbids the calls of its ring.
bool refuseRings(std::string& error);

}  // namespace mig
