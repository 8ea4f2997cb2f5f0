#include "clock/clock_napi.h"

#include <string>

#include "clock/clock.h"
#include "napi/functions.h"

namespace mig {

namespace {

// Null when the system does not tell.
Napi::Value readClockHere(const Napi::CallbackInfo& info) {
  ClockState state;
  std::string error;
  if (!readClock(state, error)) return info.Env().Null();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("isSynchronised", state.isSynchronised);
  object.Set("offsetSeconds", state.offsetSeconds);
  object.Set("estimatedErrorSeconds", state.estimatedErrorSeconds);
  object.Set("maximumErrorSeconds", state.maximumErrorSeconds);
  return object;
}

}  // namespace

void addClockFunctions(Napi::Object& exports) { addFunctions(exports, {{"readClock", readClockHere}}); }

}  // namespace mig
