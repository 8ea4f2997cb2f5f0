// A process of macOS by its number.
#pragma once

#include <sys/sysctl.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mig::proc {

// What the kernel tells everybody about a process. ESRCH when there is none.
int readKernelInfo(int pid, kinfo_proc& info);
// Microseconds since the epoch.
uint64_t startOf(const kinfo_proc& info);
// ESRCH when the process is not the one that began then.
int checkStart(int pid, uint64_t startMicroseconds);

// Arguments and environment at the start, each string with a NUL behind it. EPERM for other users' processes unless root.
// `isCut` when there was more than `maxBytes` of arguments.
int readArguments(int pid, size_t maxBytes, std::string& arguments, std::string& environment, bool& isCut);

}  // namespace mig::proc
