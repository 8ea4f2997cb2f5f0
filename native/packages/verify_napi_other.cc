#include "packages/verify_napi.h"

namespace mig {

void addVerifyFunction(Napi::Object&) {}

}  // namespace mig
