// The reason why a process could not be examined, for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// `{kind: 'failed', reason}` for an errno value; see NativeFailure in native/napi/task.ts.
Napi::Object toFailure(Napi::Env env, int error);

}  // namespace mig
