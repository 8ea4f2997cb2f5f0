// What this process does with itself when JavaScript asks for it.
#pragma once

#include <napi.h>

namespace mig {

// What native/process/process.ts describes.
void addProcessFunctions(Napi::Object& exports);

}  // namespace mig
