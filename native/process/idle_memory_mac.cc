#include <malloc/malloc.h>

#include "process/idle_memory.h"

namespace mig {

// All malloc zones, as much as possible. macOS itself reclaims the pages of the executable.
void releaseIdleMemory() { malloc_zone_pressure_relief(nullptr, 0); }

}  // namespace mig
