// The service as JavaScript sees it.
#pragma once

#include <napi.h>

namespace mig {

// What native/service/service.ts describes.
void addServiceFunctions(Napi::Object& exports);

}  // namespace mig
