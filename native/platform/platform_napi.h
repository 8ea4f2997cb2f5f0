// The processor for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/platform/platform.ts.
void addPlatformFunctions(Napi::Object& exports);

}  // namespace mig
