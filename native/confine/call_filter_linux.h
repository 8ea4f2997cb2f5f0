// The system calls that a module keeps. All others fail with EPERM, including those of future kernels.
#pragma once

#include "confine/confine.h"

namespace mig {

bool isCallFilterSupported();

// Applies to all threads and cannot be undone. Every thread must have set no_new_privs. Returns 0 or an errno value.
int installCallFilter(const ModuleNeeds& needs);

}  // namespace mig
