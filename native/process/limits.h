// Limits that a process sets for itself before it does anything long. There is no way back from them.
#pragma once

#include <cstdint>
#include <string>

namespace mig {

// Lowest priority for CPU and disk, for all threads; false when the system refused, with what in `error`.
bool lowerPriority(std::string& error);

// Bounds the private writable memory of the whole process and forbids core files. How far macOS keeps to it depends on its
// version.
bool limitMemory(uint64_t memoryBytes, std::string& error);

// This process ends when the one that started it has ended, however it ended.
bool endWithParent(std::string& error);

// For the implementations: adds what the system refused and why.
void addLimitError(std::string& error, const char* what, int cause);

}  // namespace mig
