// The system calls that a module keeps. All others are refused with EPERM, also those of kernels to come.
#pragma once

#include "confine/confine.h"

namespace mig {

bool isCallFilterSupported();

// For all threads, for good. Every thread must have given up new privileges. 0 or an error number.
int installCallFilter(const ModuleNeeds& needs);

}  // namespace mig
