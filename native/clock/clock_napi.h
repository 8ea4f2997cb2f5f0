// The clock for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/clock/clock.ts.
void addClockFunctions(Napi::Object& exports);

}  // namespace mig
