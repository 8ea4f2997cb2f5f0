// A running scan as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// `startScan(plan, onHits)`, see native/addon.ts.
Napi::Value startScan(const Napi::CallbackInfo& info);

}  // namespace mig
