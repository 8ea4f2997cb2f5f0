#include "platform/windows.h"

#include <psapi.h>

#include "process/idle_memory.h"

namespace mig {

// Released pages return without disk access as long as the memory was not reused.
void releaseIdleMemory() {
  HeapCompact(GetProcessHeap(), 0);
  K32EmptyWorkingSet(GetCurrentProcess());
}

}  // namespace mig
