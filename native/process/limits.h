// Limits that a process sets for itself before long work. They cannot be undone.
#pragma once

#include <cstdint>
#include <string>

namespace mig {

// Lowest priority for CPU and disk, for all threads; false when the system refuses, with the reason in `error`.
bool lowerPriority(std::string& error);

// Limits the private writable memory of the whole process and forbids core files. Whether macOS enforces the limit
// depends on its version.
bool limitMemory(uint64_t memoryBytes, std::string& error);

// Ends this process when its parent ends, for whatever reason.
bool endWithParent(std::string& error);

// For the implementations: appends a refusal and its reason.
void addLimitError(std::string& error, const char* what, int cause);

}  // namespace mig
