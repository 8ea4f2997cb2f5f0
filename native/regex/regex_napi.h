// Patterns as JavaScript has them: compiled once or for one text.
#pragma once

#include <napi.h>

namespace mig {

// What native/regex/regex.ts describes.
void addRegexFunctions(Napi::Object& exports);

}  // namespace mig
