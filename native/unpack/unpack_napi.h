// The processes that unpack, as JavaScript ends them.
#pragma once

#include <napi.h>

namespace mig {

// What native/unpack/unpack.ts describes.
void addUnpackFunctions(Napi::Object& exports);

}  // namespace mig
