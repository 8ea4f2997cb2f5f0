// The service as JavaScript sees it. Windows only.
#pragma once

#include <napi.h>

namespace mig {

// `startService(name, onStop)`, see native/addon.ts.
Napi::Value startService(const Napi::CallbackInfo& info);

}  // namespace mig
