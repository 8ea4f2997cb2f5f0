// The capabilities of one thread; see capabilities(7).
#pragma once

#include <cstdint>

#include "confine/confine.h"

namespace mig {

// As a set of bits, those that a module keeps when it has them.
uint64_t neededCapabilities(const ModuleNeeds& needs);

// For the calling thread: no new privileges, and of what it has only `kept`. Only system calls; 0 or an error number.
int keepCapabilities(uint64_t kept);

}  // namespace mig
