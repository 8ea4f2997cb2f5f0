// The files of packages, for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/packages/packages.ts.
void addPackagesFunctions(Napi::Object& exports);

}  // namespace mig
