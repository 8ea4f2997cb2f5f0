// A file that one process holds until it ends, for whatever reason.
#pragma once

#include <string>

namespace mig {

enum class FileLock { taken, held, failed };

// Creates the file for this user alone if it is missing. `held`: by another process, or already by this one.
FileLock lockFile(const std::string& path, std::string& error);

}  // namespace mig
