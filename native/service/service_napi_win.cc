#include "service/service_napi.h"

#include "napi/errors.h"
#include "napi/functions.h"
#include "platform/privilege_win.h"
#include "service/service.h"
#include "text/wide_win.h"

namespace mig {

namespace {

Napi::Value startService(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string name = info[0].ToString().Utf8Value();
  auto toJavaScript = Napi::ThreadSafeFunction::New(env, info[1].As<Napi::Function>(), "mig service", 0, 1);
  // Does not keep the event loop alive.
  toJavaScript.Unref(env);
  auto* service = new Service;
  const unsigned long error = service->start(toWide(name), [toJavaScript]() mutable { toJavaScript.NonBlockingCall(); });
  if (error != 0) {
    toJavaScript.Release();
    return throwCoded(env, "service-failed",
                      "expected to be started by the service manager as " + name + ": " + describeWindowsError(error));
  }
  return Napi::Function::New(env, [service, toJavaScript](const Napi::CallbackInfo&) mutable {
    service->end();
    toJavaScript.Release();
  });
}

}  // namespace

void addServiceFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"startService", startService}});
}

}  // namespace mig
