// Processes for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/proc/proc.ts.
void addProcFunctions(Napi::Object& exports);

}  // namespace mig
