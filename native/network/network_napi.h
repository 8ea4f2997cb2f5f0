// The network for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/network/network.ts.
void addNetworkFunctions(Napi::Object& exports);

}  // namespace mig
