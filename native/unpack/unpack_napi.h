// The end of the unpackers for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/unpack/unpack.ts.
void addUnpackFunctions(Napi::Object& exports);

}  // namespace mig
