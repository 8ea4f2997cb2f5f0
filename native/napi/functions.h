// The functions of one concern, as properties of the addon.
#pragma once

#include <napi.h>

#include <initializer_list>

namespace mig {

struct NamedFunction {
  const char* name;
  Napi::Value (*call)(const Napi::CallbackInfo& info);
};

inline void addFunctions(Napi::Object& exports, std::initializer_list<NamedFunction> functions) {
  for (const auto& [name, call] : functions) exports.Set(name, Napi::Function::New(exports.Env(), call, name));
}

}  // namespace mig
