#include "glue/text_glue.h"

#include <memory>
#include <string>

#include "glue/errors.h"
#include "regex/pattern.h"
#include "fs/path_text.h"

namespace mig {

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

Napi::Value escapeBytesValue(const Napi::CallbackInfo& info) {
  if (!info[0].IsBuffer()) return throwCoded(info.Env(), "bad-plan", "expected bytes");
  const auto bytes = info[0].As<Napi::Buffer<char>>();
  return Napi::String::New(info.Env(), fs::systemText({bytes.Data(), bytes.Length()}));
}

}  // namespace mig
