#include "unpack/unpack_napi.h"

#include "napi/functions.h"
#include "unpack/unpackers.h"

namespace mig {

namespace {

Napi::Value endUnpackers(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(stopUnpackers()) / 1e6);
}

}  // namespace

void addUnpackFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"stopUnpackers", endUnpackers}});
}

}  // namespace mig
