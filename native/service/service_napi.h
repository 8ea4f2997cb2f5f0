// The Windows service for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/service/service.ts.
void addServiceFunctions(Napi::Object& exports);

}  // namespace mig
