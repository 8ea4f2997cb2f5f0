// Limits that a process sets for itself before it does anything long. There is no way back from them.
#pragma once

#include <cstdint>
#include <string>

namespace mig {

// Lowest priority for CPU and disk, for all threads; false when the system refused, with what in `error`.
bool lowerPriority(std::string& error);

// Bounds the private writable memory of the whole process and forbids core files.
bool limitMemory(uint64_t memoryBytes, std::string& error);

// The kernel kills this process when the one that started it has ended, however it ended.
bool endWithParent(std::string& error);

}  // namespace mig
