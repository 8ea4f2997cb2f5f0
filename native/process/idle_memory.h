// Memory that an idle process can release.
#pragma once

namespace mig {

// Releases free heap and, except on macOS, pages that only the start needed, such as the executable's own. They stay in
// the page cache: a later use costs a minor fault.
void releaseIdleMemory();

}  // namespace mig
