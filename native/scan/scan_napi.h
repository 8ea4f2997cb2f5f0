// A running scan as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// What native/scan/scan.ts describes.
void addScanFunctions(Napi::Object& exports);

}  // namespace mig
