// An open Windows process.
#pragma once

#include "platform/windows.h"

#include <cstdint>

#include "fs/fs.h"

namespace mig::proc {

// Converts units of 100 ns since 1601 to microseconds since the epoch; 0 stays 0.
uint64_t toMicroseconds(uint64_t ticks);

// Enables the privilege to read other users' processes, if this process has it.
void enableDebugging();

// For operations that need no more than `access`. ESRCH when there is no such process, EACCES when it may not be
// opened.
int openProcess(int pid, DWORD access, fs::Descriptor& process);
// The same, but ESRCH when the pid belongs to a process with another start time.
int openProcess(int pid, uint64_t startMicroseconds, DWORD access, fs::Descriptor& process);
// Microseconds since the epoch; 0 if the system does not say.
uint64_t readStart(const fs::Descriptor& process);

}  // namespace mig::proc
