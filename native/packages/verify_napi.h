// Comparing files with their packages, for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The function startVerify of native/packages/packages.ts, which only Linux has.
void addVerifyFunction(Napi::Object& exports);

}  // namespace mig
