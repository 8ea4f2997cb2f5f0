// The memory of processes as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// `openMemoryReader(plan)`, see native/memory.ts.
Napi::Value openMemoryReader(const Napi::CallbackInfo& info);

}  // namespace mig
