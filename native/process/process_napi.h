// Limits and locks of this process for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/process/process.ts.
void addProcessFunctions(Napi::Object& exports);

}  // namespace mig
