// A macOS process by its pid.
#pragma once

#include <sys/sysctl.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mig::proc {

// The public facts of the kernel about a process. ESRCH when there is none.
int readKernelInfo(int pid, kinfo_proc& info);
// Microseconds since the epoch.
uint64_t startOf(const kinfo_proc& info);
// ESRCH when the process is not the one that began then.
int checkStart(int pid, uint64_t startMicroseconds);

// Arguments and environment from the start, each string followed by a NUL. EPERM for other users' processes unless
// root. `isCut` when the arguments exceed `maxBytes`.
int readArguments(int pid, size_t maxBytes, std::string& arguments, std::string& environment, bool& isCut);

}  // namespace mig::proc
