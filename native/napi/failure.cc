#include "napi/failure.h"

#include <cerrno>

#include "proc/facts.h"

namespace mig {

namespace {

const char* reasonOf(int error) {
  if (proc::isGone(error)) return "vanished";
  if (error == EACCES || error == EPERM) return "no-permission";
  if (error == ECANCELED) return "cancelled";
  if (error == ENOTSUP) return "unsupported";
#if defined(EREMOTE)
  if (error == EREMOTE) return "remote-file";
#endif
  return "read-error";
}

}  // namespace

Napi::Object toFailure(Napi::Env env, int error) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", "failed");
  object.Set("reason", reasonOf(error));
  return object;
}

}  // namespace mig
