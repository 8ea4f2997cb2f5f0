// From the object that native/scan/scan.ts describes to a plan.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "scan/plan.h"

namespace mig {

// Null when a pattern or a value is not valid; `error` then names it.
std::unique_ptr<Plan> toPlan(const Napi::Object& object, std::string& error);

}  // namespace mig
