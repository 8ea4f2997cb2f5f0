// The kernel keeps some rights by thread, and Node has threads before the first line of JavaScript runs.
#pragma once

namespace mig {

// Calls `work` once on every thread of this process. Runs in a signal handler there, so only system calls are allowed in it.
// Returns its first error, or that of a thread that could not be reached.
int onEveryThread(int (*work)(const void* argument), const void* argument);

}  // namespace mig
