#include "platform/platform_napi.h"

#include "napi/functions.h"
#include "platform/processor.h"

namespace mig {

namespace {

Napi::Value readInstructionSet(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), instructionSetName()); }

}  // namespace

void addPlatformFunctions(Napi::Object& exports) { addFunctions(exports, {{"readInstructionSet", readInstructionSet}}); }

}  // namespace mig
