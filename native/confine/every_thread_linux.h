// The kernel keeps some rights per thread, and Node has threads before the first line of JavaScript runs.
#pragma once

namespace mig {

// Calls `work` once on every thread of this process. It runs in a signal handler, so only system calls are allowed in
// it. Returns its first error, or the error of a thread that could not be reached.
int onEveryThread(int (*work)(const void* argument), const void* argument);

}  // namespace mig
