// A file that one process holds until it ends, however it ends.
#pragma once

#include <string>

namespace mig {

enum class FileLock { taken, held, failed };

// Makes the file when it is not there, for this user alone. `held`: by another process, or by this one already.
FileLock lockFile(const std::string& path, std::string& error);

}  // namespace mig
