#include "regex/regex_napi.h"

#include <memory>
#include <string>

#include "napi/errors.h"
#include "napi/functions.h"
#include "regex/capture_pattern.h"
#include "regex/pattern.h"

namespace mig {

namespace {

Napi::Value testPattern(const Napi::CallbackInfo& info) {
  std::string error;
  const auto pattern = Pattern::compile(info[0].ToString().Utf8Value(), info[1].ToBoolean().Value(), error);
  if (!pattern) return throwCoded(info.Env(), "bad-pattern", error);
  return Napi::Boolean::New(info.Env(), pattern->matches(info[2].ToString().Utf8Value()));
}

Napi::Value compilePattern(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::string error;
  const std::shared_ptr<Pattern> pattern = Pattern::compile(info[0].ToString().Utf8Value(), false, error);
  if (!pattern) return throwCoded(env, "bad-pattern", error);
  return Napi::Function::New(env, [pattern](const Napi::CallbackInfo& call) -> Napi::Value {
    if (!call[0].IsBuffer()) return throwCoded(call.Env(), "bad-plan", "expected bytes");
    const auto bytes = call[0].As<Napi::Buffer<char>>();
    return Napi::Boolean::New(call.Env(), pattern->matches({bytes.Data(), bytes.Length()}));
  });
}

Napi::Value compileCaptures(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::string error;
  const std::shared_ptr<CapturePattern> pattern = CapturePattern::compile(info[0].ToString().Utf8Value(), error);
  if (!pattern) return throwCoded(env, "bad-pattern", error);
  return Napi::Function::New(env, [pattern](const Napi::CallbackInfo& call) -> Napi::Value {
    if (!call[0].IsBuffer()) return throwCoded(call.Env(), "bad-plan", "expected bytes");
    const auto bytes = call[0].As<Napi::Buffer<char>>();
    const auto captures = pattern->capture({bytes.Data(), bytes.Length()}, call[1].ToNumber().Uint32Value());
    auto texts = Napi::Array::New(call.Env(), captures.size());
    for (uint32_t index = 0; index < captures.size(); index += 1) texts[index] = Napi::String::New(call.Env(), captures[index]);
    return texts;
  });
}

// The reason why the pattern does not compile, or null.
template <typename Compile>
Napi::Value refuse(const Napi::CallbackInfo& info, Compile compile) {
  std::string error;
  if (compile(info[0].ToString().Utf8Value(), error)) return info.Env().Null();
  return Napi::String::New(info.Env(), error);
}

Napi::Value refusePattern(const Napi::CallbackInfo& info) {
  return refuse(info, [](const std::string& pattern, std::string& error) { return Pattern::compile(pattern, false, error) != nullptr; });
}

Napi::Value refuseLinePattern(const Napi::CallbackInfo& info) {
  return refuse(info, [](const std::string& pattern, std::string& error) { return LinePattern::compile(pattern, error) != nullptr; });
}

}  // namespace

void addRegexFunctions(Napi::Object& exports) {
  addFunctions(exports, {
      {"re2Test", testPattern},
      {"compilePattern", compilePattern},
      {"compileCaptures", compileCaptures},
      {"refusePattern", refusePattern},
      {"refuseLinePattern", refuseLinePattern},
  });
}

}  // namespace mig
