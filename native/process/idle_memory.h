// What a process that waits can give back.
#pragma once

namespace mig {

// Gives free heap back, and takes the executable's own read-only pages out of this process: most of them were needed for
// starting only. They stay in the page cache; one that is used again comes back with a minor fault.
void releaseIdleMemory();

}  // namespace mig
