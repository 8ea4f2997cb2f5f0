// Errors for JavaScript: an exception with a code there, never an exception in C++.
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
