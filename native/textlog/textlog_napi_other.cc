#include "textlog/textlog_napi.h"

namespace mig {

void addTextLogFunctions(Napi::Object&) {}

}  // namespace mig
