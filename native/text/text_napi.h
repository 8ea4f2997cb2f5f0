// Bytes of the system made into JavaScript's text.
#pragma once

#include <napi.h>

namespace mig {

// What native/text/text.ts describes.
void addTextFunctions(Napi::Object& exports);

}  // namespace mig
