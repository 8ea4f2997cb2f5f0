// Processes as JavaScript sees them.
#pragma once

#include <napi.h>

namespace mig {

// `openProcessReader(cpuPercent)`, see native/process.ts.
Napi::Value openProcessReader(const Napi::CallbackInfo& info);

}  // namespace mig
