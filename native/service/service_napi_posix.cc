#include "service/service_napi.h"

namespace mig {

void addServiceFunctions(Napi::Object&) {}

}  // namespace mig
