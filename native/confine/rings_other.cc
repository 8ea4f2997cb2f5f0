#include "confine/rings.h"

namespace mig {

bool refuseRings(std::string&) { return true; }

}  // namespace mig
