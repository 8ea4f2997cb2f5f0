#include <malloc/malloc.h>

#include "process/idle_memory.h"

namespace mig {

// All zones, as much as there is. The pages of the executable are the system's to take.
void releaseIdleMemory() { malloc_zone_pressure_relief(nullptr, 0); }

}  // namespace mig
