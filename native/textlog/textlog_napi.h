// Counting in text logs, for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The function compileTextLogs of native/textlog/textlog.ts, which only Linux has.
void addTextLogFunctions(Napi::Object& exports);

}  // namespace mig
