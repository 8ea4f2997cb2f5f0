// Converts the plan object of native/scan/scan.ts, and the reason why a scan ended.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "scan/plan.h"
#include "scan/scan_state.h"

namespace mig {

// Null when a pattern or value is not valid; `error` then names it.
std::unique_ptr<Plan> toPlan(const Napi::Object& object, std::string& error);

// Null when the scan went to its end, and at a match limit.
const char* stopName(StopReason reason);

}  // namespace mig
