#include "confine/confine_napi.h"

#include "confine/confine.h"
#include "confine/rings.h"
#include "napi/errors.h"
#include "napi/functions.h"
#include "napi/values.h"

namespace mig {

namespace {

ModuleNeeds toNeeds(const Napi::Object& object) {
  ModuleNeeds needs;
  needs.readsAllFiles = boolOf(object, "readsAllFiles");
  needs.readsProcesses = boolOf(object, "readsProcesses");
  needs.readsMappedFiles = boolOf(object, "readsMappedFiles");
  needs.asksKernelTables = boolOf(object, "asksKernelTables");
  needs.entersNamespaces = boolOf(object, "entersNamespaces");
  needs.readsClock = boolOf(object, "readsClock");
  needs.startsUnpackers = boolOf(object, "startsUnpackers");
  const auto withheld = object.Get("withheld").As<Napi::Array>();
  for (uint32_t index = 0; index < withheld.Length(); index += 1) needs.withheld.push_back(withheld.Get(index).ToString().Utf8Value());
  return needs;
}

Napi::Value confineProcess(const Napi::CallbackInfo& info) {
  std::string error;
  if (!confine(toNeeds(info[0].ToObject()), error)) return throwCoded(info.Env(), "confinement-failed", error);
  return info.Env().Undefined();
}

Napi::Value readConfinement(const Napi::CallbackInfo& info) {
  const ConfinementSupport support = readConfinementSupport();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("capabilities", support.capabilities);
  object.Set("callFilter", support.callFilter);
  object.Set("readOnlyVersion", support.readOnlyVersion);
  object.Set("restrictedToken", support.restrictedToken);
  object.Set("lowIntegrity", support.lowIntegrity);
  object.Set("lowIntegrityForProcesses", support.lowIntegrityForProcesses);
  return object;
}

Napi::Value refuseRingsHere(const Napi::CallbackInfo& info) {
  std::string error;
  if (!refuseRings(error)) return throwCoded(info.Env(), "confinement-failed", error);
  return info.Env().Undefined();
}

}  // namespace

void addConfineFunctions(Napi::Object& exports) {
  addFunctions(exports, {
      {"confine", confineProcess},
      {"refuseRings", refuseRingsHere},
      {"readConfinement", readConfinement},
  });
}

}  // namespace mig
