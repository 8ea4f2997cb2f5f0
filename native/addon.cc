// What JavaScript may call; native/addon.ts describes it. Work that takes long happens on threads of its own.
#include <napi.h>

#include "glue/confine_glue.h"
#include "glue/errors.h"
#include "glue/memory_glue.h"
#include "glue/process_glue.h"
#include "glue/scan_glue.h"
#include "glue/text_glue.h"
#include "network/network_glue.h"
#include "process/idle_memory.h"
#include "process/limits.h"
#include "process/lock_file.h"
#include "regex/pattern.h"
#if defined(_WIN32)
#include "service/service_glue.h"
#endif

namespace {

Napi::Value testPattern(const Napi::CallbackInfo& info) {
  const std::string pattern = info[0].ToString().Utf8Value();
  const std::string text = info[2].ToString().Utf8Value();
  std::string error;
  const auto compiled = mig::Pattern::compile(pattern, info[1].ToBoolean().Value(), error);
  if (!compiled) return mig::throwCoded(info.Env(), "bad-pattern", error);
  return Napi::Boolean::New(info.Env(), compiled->matches(text));
}

Napi::Value lowerPriority(const Napi::CallbackInfo& info) {
  std::string error;
  if (!mig::lowerPriority(error)) return mig::throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value limitMemory(const Napi::CallbackInfo& info) {
  const double mebibytes = info[0].ToNumber().DoubleValue();
  if (!(mebibytes >= 1)) return mig::throwCoded(info.Env(), "limit-failed", "expected at least 1 MiB of memory");
  std::string error;
  if (!mig::limitMemory(static_cast<uint64_t>(mebibytes) << 20, error)) return mig::throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value endWithParent(const Napi::CallbackInfo& info) {
  std::string error;
  if (!mig::endWithParent(error)) return mig::throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value releaseIdleMemory(const Napi::CallbackInfo& info) {
  mig::releaseIdleMemory();
  return info.Env().Undefined();
}

#if !defined(_WIN32)
Napi::Value lockFile(const Napi::CallbackInfo& info) {
  std::string error;
  const mig::FileLock lock = mig::lockFile(info[0].ToString().Utf8Value(), error);
  if (lock == mig::FileLock::failed) return mig::throwCoded(info.Env(), "lock-failed", error);
  return Napi::Boolean::New(info.Env(), lock == mig::FileLock::taken);
}
#endif

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("startScan", Napi::Function::New(env, mig::startScan));
  exports.Set("re2Test", Napi::Function::New(env, testPattern));
  exports.Set("lowerPriority", Napi::Function::New(env, lowerPriority));
  exports.Set("endWithParent", Napi::Function::New(env, endWithParent));
  exports.Set("limitMemory", Napi::Function::New(env, limitMemory));
  exports.Set("confine", Napi::Function::New(env, mig::confineProcess));
  exports.Set("refuseRings", Napi::Function::New(env, mig::refuseRingsHere));
  exports.Set("stopUnpackers", Napi::Function::New(env, mig::stopUnpackers));
  exports.Set("readConfinement", Napi::Function::New(env, mig::readConfinement));
  exports.Set("releaseIdleMemory", Napi::Function::New(env, releaseIdleMemory));
  exports.Set("openProcessReader", Napi::Function::New(env, mig::openProcessReader));
  exports.Set("openMemoryReader", Napi::Function::New(env, mig::openMemoryReader));
  exports.Set("openNetworkReader", Napi::Function::New(env, mig::openNetworkReader));
#if defined(_WIN32)
  exports.Set("startService", Napi::Function::New(env, mig::startService));
#else
  exports.Set("lockFile", Napi::Function::New(env, lockFile));
#endif
  exports.Set("compilePattern", Napi::Function::New(env, mig::compilePattern));
  exports.Set("escapeBytes", Napi::Function::New(env, mig::escapeBytesValue));
  return exports;
}

}  // namespace

NODE_API_MODULE(mig_native, initialise)
