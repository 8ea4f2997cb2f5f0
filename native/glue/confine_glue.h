// Confinement as JavaScript asks for it.
#pragma once

#include <napi.h>

namespace mig {

// `confine(needs)`, `stopUnpackers()`, `readConfinement()` and `refuseRings()`, see native/confinement.ts.
Napi::Value confineProcess(const Napi::CallbackInfo& info);
Napi::Value stopUnpackers(const Napi::CallbackInfo& info);
Napi::Value readConfinement(const Napi::CallbackInfo& info);
Napi::Value refuseRingsHere(const Napi::CallbackInfo& info);

}  // namespace mig
