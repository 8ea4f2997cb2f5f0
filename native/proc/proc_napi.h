// Processes as JavaScript sees them.
#pragma once

#include <napi.h>

namespace mig {

// What native/proc/proc.ts describes.
void addProcFunctions(Napi::Object& exports);

}  // namespace mig
