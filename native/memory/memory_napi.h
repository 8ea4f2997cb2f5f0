// The memory of processes as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// What native/memory/memory.ts describes.
void addMemoryFunctions(Napi::Object& exports);

}  // namespace mig
