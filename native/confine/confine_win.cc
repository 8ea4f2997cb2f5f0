#include "confine/confine.h"

namespace mig {

ConfinementSupport readConfinementSupport() { return {}; }

bool confine(const ModuleNeeds&, std::string&) { return true; }

}  // namespace mig
