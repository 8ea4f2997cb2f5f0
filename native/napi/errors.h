// Errors across the boundary: an exception in JavaScript with a code, never one in C++.
#pragma once

#include <napi.h>

#include <string>

namespace mig {

inline Napi::Value throwCoded(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Value().Set("code", code);
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

}  // namespace mig
