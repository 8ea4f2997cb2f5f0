// Regular expressions for JavaScript: compiled once, or for one text.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/regex/regex.ts.
void addRegexFunctions(Napi::Object& exports);

}  // namespace mig
