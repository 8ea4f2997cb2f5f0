#include "proc/mount_table_linux.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "proc/system.h"

namespace mig::proc {

namespace {

constexpr size_t kTableBytes = 16 << 20;
constexpr int kMostReadings = 16;

// See proc_pid_mountinfo(5): an exceptional condition says that a mount changed since the file was opened or last asked.
bool hasChanged(const fs::Descriptor& table) {
  pollfd asked{table.value(), POLLPRI, 0};
  return poll(&asked, 1, 0) > 0 && (asked.revents & (POLLPRI | POLLERR)) != 0;
}

}  // namespace

int readMountTable(std::string& text) {
  fs::Descriptor table;
  if (const int error = openAt(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY, table); error != 0) return error;
  for (int readings = 1;; readings += 1) {
    if (const int error = readToEnd(table, kTableBytes, text); error != 0) return error;
    if (!hasChanged(table) || readings == kMostReadings) return 0;
    if (lseek(table.value(), 0, SEEK_SET) != 0) return errno;
  }
}

}  // namespace mig::proc
