// The network of this machine as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// What native/network/network.ts describes.
void addNetworkFunctions(Napi::Object& exports);

}  // namespace mig
