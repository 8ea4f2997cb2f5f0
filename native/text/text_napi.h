// Text conversion for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/text/text.ts.
void addTextFunctions(Napi::Object& exports);

}  // namespace mig
