#include <sys/resource.h>

#include <cerrno>

#include "fs/fs.h"
#include "process/limits.h"

namespace mig {

void addLimitError(std::string& error, const char* what, int cause) {
  if (!error.empty()) error += "; ";
  error += what;
  error += ": ";
  error += fs::describeError(cause);
}

bool limitMemory(uint64_t memoryBytes, std::string& error) {
  // A module's memory must not end up in a core file.
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) addLimitError(error, "core file limit", errno);
  const rlimit memory{memoryBytes, memoryBytes};
  if (setrlimit(RLIMIT_DATA, &memory) != 0) addLimitError(error, "memory limit", errno);
  return error.empty();
}

}  // namespace mig
