// Confinement as JavaScript asks for it.
#pragma once

#include <napi.h>

namespace mig {

// What native/confine/confine.ts describes.
void addConfineFunctions(Napi::Object& exports);

}  // namespace mig
