// Converts the plan object of native/scan/scan.ts.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "scan/plan.h"

namespace mig {

// Null when a pattern or value is not valid; `error` then names it.
std::unique_ptr<Plan> toPlan(const Napi::Object& object, std::string& error);

}  // namespace mig
