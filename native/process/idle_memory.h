// What a process that waits can give back.
#pragma once

namespace mig {

// Gives free heap back and, but for macOS, takes pages out of this process that were needed for starting only, such as the
// executable's own. They stay in the page cache; one that is used again comes back with a minor fault.
void releaseIdleMemory();

}  // namespace mig
