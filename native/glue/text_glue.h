// Bytes that JavaScript has: matched against a pattern, made into text.
#pragma once

#include <napi.h>

namespace mig {

// `compilePattern(pattern)`, see native/process.ts.
Napi::Value compilePattern(const Napi::CallbackInfo& info);
// `escapeBytes(bytes)`, see native/process.ts.
Napi::Value escapeBytesValue(const Napi::CallbackInfo& info);

}  // namespace mig
