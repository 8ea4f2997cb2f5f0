// A process of Windows that is open.
#pragma once

#include "platform/windows.h"

#include <cstdint>

#include "fs/fs.h"

namespace mig::proc {

// From hundreds of nanoseconds since 1601 to microseconds since the epoch; 0 stays 0.
uint64_t toMicroseconds(uint64_t ticks);

// Puts the right to look at other users' processes into force, where this process may have it.
void enableDebugging();

// Only what needs no more than `access`. ESRCH when there is no such process, EACCES when it may not be opened.
int openProcess(int pid, DWORD access, fs::Descriptor& process);
// The same for the one that began then, and for no other that has its number now: ESRCH.
int openProcess(int pid, uint64_t startMicroseconds, DWORD access, fs::Descriptor& process);
// Microseconds since the epoch; 0 when the system does not say.
uint64_t readStart(const fs::Descriptor& process);

}  // namespace mig::proc
