// The capabilities of one thread; see capabilities(7).
#pragma once

#include <cstdint>

#include "confine/confine.h"

namespace mig {

// The capabilities that a module keeps if it has them, as a bit set.
uint64_t neededCapabilities(const ModuleNeeds& needs);

// Sets no_new_privs and drops all capabilities but `kept`, for the calling thread. Makes only system calls. Returns 0
// or an errno value.
int keepCapabilities(uint64_t kept);

}  // namespace mig
