// Process memory for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/memory/memory.ts.
void addMemoryFunctions(Napi::Object& exports);

}  // namespace mig
