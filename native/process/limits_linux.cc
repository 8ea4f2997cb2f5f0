#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "fs/fs.h"
#include "process/limits.h"

namespace mig {

namespace {

// See ioprio_set(2): class in the upper bits, 3 is idle.
constexpr int kIoprioIdle = 3 << 13;
constexpr int kIoprioWhoProcess = 1;

void addError(std::string& error, const char* what) {
  if (!error.empty()) error += "; ";
  error += what;
  error += ": ";
  error += fs::describeError(errno);
}

// Priorities belong to threads on Linux: those that run already keep their own unless each is told. Nice 19 and not
// SCHED_IDLE: on a host that is always busy an idle thread would never answer.
void makeThreadNice(int thread, std::string& error) {
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(thread), 19) != 0) addError(error, "cpu priority");
  if (syscall(SYS_ioprio_set, kIoprioWhoProcess, thread, kIoprioIdle) != 0) addError(error, "i/o priority");
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

bool limitMemory(uint64_t memoryBytes, std::string& error) {
  // What a module has in memory must not end up in a core file.
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) addError(error, "core file limit");
  const rlimit memory{memoryBytes, memoryBytes};
  if (setrlimit(RLIMIT_DATA, &memory) != 0) addError(error, "memory limit");
  return error.empty();
}

bool endWithParent(std::string& error) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) addError(error, "signal at the parent's death");
  return error.empty();
}

}  // namespace mig
