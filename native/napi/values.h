// Conversions between JavaScript's values and the engine's, shared by several concerns.
#pragma once

#include <napi.h>

#include <string>

namespace mig {

inline bool boolOf(const Napi::Object& object, const char* key) { return object.Get(key).ToBoolean().Value(); }

inline Napi::Value toBytes(Napi::Env env, const std::string& bytes) {
  return Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size());
}

}  // namespace mig
