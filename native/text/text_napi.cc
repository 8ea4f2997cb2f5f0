#include "text/text_napi.h"

#include "fs/path_text.h"
#include "napi/errors.h"
#include "napi/functions.h"

namespace mig {

namespace {

Napi::Value escapeToText(const Napi::CallbackInfo& info) {
  if (!info[0].IsBuffer()) return throwCoded(info.Env(), "bad-plan", "expected bytes");
  const auto bytes = info[0].As<Napi::Buffer<char>>();
  return Napi::String::New(info.Env(), fs::systemText({bytes.Data(), bytes.Length()}));
}

}  // namespace

void addTextFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"escapeBytes", escapeToText}});
}

}  // namespace mig
