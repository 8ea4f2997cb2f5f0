#include <sys/event.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "process/limits.h"
#include "thread/thread.h"

namespace mig {

bool lowerPriority(std::string& error) {
  if (setpriority(PRIO_PROCESS, 0, 20) != 0) addLimitError(error, "cpu priority", errno);
  // Yields to all other users of the disk.
  if (setiopolicy_np(IOPOL_TYPE_DISK, IOPOL_SCOPE_PROCESS, IOPOL_THROTTLE) != 0) addLimitError(error, "i/o priority", errno);
  return error.empty();
}

// A thread waits for the parent's end: macOS has no signal for it.
bool endWithParent(std::string& error) {
  const int queue = kqueue();
  if (queue < 0) {
    addLimitError(error, "queue for the parent's end", errno);
    return false;
  }
  struct kevent wanted;
  EV_SET(&wanted, getppid(), EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, nullptr);
  // Process 1 adopts orphans.
  if (getppid() == 1 || kevent(queue, &wanted, 1, nullptr, 0, nullptr) != 0) _exit(1);
  // Never destroyed: the destructor would join the thread.
  static auto* watch = new Thread;
  const bool isWatched = watch->start([queue] {
    struct kevent ended;
    while (kevent(queue, nullptr, 0, &ended, 1, nullptr) < 0 && errno == EINTR) {
    }
    _exit(1);
  });
  if (!isWatched) error = "expected a thread that waits for the parent's end, got none from the system";
  return isWatched;
}

}  // namespace mig
