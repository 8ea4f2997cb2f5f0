#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "process/limits.h"

namespace mig {

namespace {

// See ioprio_set(2): the class is in the upper bits, 3 is idle.
constexpr int kIoprioIdle = 3 << 13;
constexpr int kIoprioWhoProcess = 1;

// Linux has priorities per thread: existing threads keep theirs unless each is changed. Nice 19 instead of SCHED_IDLE:
// on a busy host an idle thread would never run.
void makeThreadNice(int thread, std::string& error) {
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(thread), 19) != 0) addLimitError(error, "cpu priority", errno);
  if (syscall(SYS_ioprio_set, kIoprioWhoProcess, thread, kIoprioIdle) != 0) addLimitError(error, "i/o priority", errno);
}

}  // namespace

bool lowerPriority(std::string& error) {
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) {
    makeThreadNice(0, error);
    return error.empty();
  }
  while (const dirent* task = readdir(tasks)) {
    if (task->d_name[0] != '.') makeThreadNice(atoi(task->d_name), error);
  }
  closedir(tasks);
  return error.empty();
}

bool endWithParent(std::string& error) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) addLimitError(error, "signal at the parent's death", errno);
  return error.empty();
}

}  // namespace mig
