// Confinement for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/confine/confine.ts.
void addConfineFunctions(Napi::Object& exports);

}  // namespace mig
