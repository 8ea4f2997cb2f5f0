#include "platform/windows.h"

#include <psapi.h>

#include "process/idle_memory.h"

namespace mig {

// Pages that are used again come back without the disk as long as nobody else took them.
void releaseIdleMemory() {
  HeapCompact(GetProcessHeap(), 0);
  K32EmptyWorkingSet(GetCurrentProcess());
}

}  // namespace mig
