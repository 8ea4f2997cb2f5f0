#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "fs/fs.h"
#include "process/lock_file.h"

namespace mig {

namespace {

FileLock fail(int descriptor, int cause, std::string& error) {
  if (descriptor >= 0) close(descriptor);
  if (cause == EWOULDBLOCK) return FileLock::held;
  error = fs::describeError(cause);
  return FileLock::failed;
}

}  // namespace

FileLock lockFile(const std::string& path, std::string& error) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(descriptor, errno, error);
  // Stays open: the lock ends with this process, and module processes do not inherit it.
  return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? FileLock::taken : fail(descriptor, errno, error);
}

}  // namespace mig
