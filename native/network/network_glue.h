// The network of this machine as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// `openNetworkReader(cpuPercent)`, see native/network.ts.
Napi::Value openNetworkReader(const Napi::CallbackInfo& info);

}  // namespace mig
