#include "process/process_napi.h"

#include <string>

#include "napi/errors.h"
#include "napi/functions.h"
#include "process/idle_memory.h"
#include "process/limits.h"
#include "process/lock_file.h"

namespace mig {

namespace {

Napi::Value lowerOwnPriority(const Napi::CallbackInfo& info) {
  std::string error;
  if (!lowerPriority(error)) return throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value limitOwnMemory(const Napi::CallbackInfo& info) {
  const double mebibytes = info[0].ToNumber().DoubleValue();
  if (!(mebibytes >= 1)) return throwCoded(info.Env(), "limit-failed", "expected at least 1 MiB of memory");
  std::string error;
  if (!limitMemory(static_cast<uint64_t>(mebibytes) << 20, error)) return throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value endWithOwnParent(const Napi::CallbackInfo& info) {
  std::string error;
  if (!endWithParent(error)) return throwCoded(info.Env(), "limit-failed", error);
  return info.Env().Undefined();
}

Napi::Value releaseOwnIdleMemory(const Napi::CallbackInfo& info) {
  releaseIdleMemory();
  return info.Env().Undefined();
}

#if !defined(_WIN32)
Napi::Value holdFile(const Napi::CallbackInfo& info) {
  std::string error;
  const FileLock lock = lockFile(info[0].ToString().Utf8Value(), error);
  if (lock == FileLock::failed) return throwCoded(info.Env(), "lock-failed", error);
  return Napi::Boolean::New(info.Env(), lock == FileLock::taken);
}
#endif

}  // namespace

void addProcessFunctions(Napi::Object& exports) {
  addFunctions(exports, {
      {"lowerPriority", lowerOwnPriority},
      {"limitMemory", limitOwnMemory},
      {"endWithParent", endWithOwnParent},
      {"releaseIdleMemory", releaseOwnIdleMemory},
#if !defined(_WIN32)
      {"lockFile", holdFile},
#endif
  });
}

}  // namespace mig
