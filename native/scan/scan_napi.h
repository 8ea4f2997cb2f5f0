// A scan for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/scan/scan.ts.
void addScanFunctions(Napi::Object& exports);

}  // namespace mig
