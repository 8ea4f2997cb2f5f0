#include "unpack/starter_linux.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "unpack/unpacking_process_linux.h"

namespace mig {

namespace {

StarterPage* pageOfStarter = nullptr;

// So that no end of a child is missed between looking and waiting.
void noteChild(int) { pageOfStarter->calls.fetch_add(1); }

// Signals to the group of processes are for the module process, which ends this one; a fault ends it all the same.
int takeSignals() {
  sigset_t all;
  sigfillset(&all);
  if (sigprocmask(SIG_SETMASK, &all, nullptr) != 0) return errno;
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  // Those that cannot be changed say so.
  for (int signal = 1; signal < NSIG; signal += 1) sigaction(signal, &action, nullptr);
  action.sa_handler = noteChild;
  if (sigaction(SIGCHLD, &action, nullptr) != 0) return errno;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  return sigprocmask(SIG_UNBLOCK, &child, nullptr) == 0 ? 0 : errno;
}

class Starter {
 public:
  Starter(const SharedMemory& memory, const MemorySize& atStart) : memory_(memory), atStart_(atStart), own_(static_cast<pid_t>(syscall(SYS_getpid))) {}

  [[noreturn]] void run() {
    while (memory_.starter->isEnding.load() == 0) {
      const uint32_t seen = memory_.starter->calls.load();
      while (takeEnded(WNOHANG)) {
      }
      for (size_t index = 0; index < kMaximumUnpackers; index += 1) {
        const UnpackerLife life = memory_.starter->lives[index].load();
        if (life == UnpackerLife::wanted && processes_[index] == 0) start(index);
        if (life == UnpackerLife::unwanted && processes_[index] != 0) kill(processes_[index], SIGKILL);
      }
      waitForChange(memory_.starter->calls, seen);
    }
    for (const pid_t process : processes_) {
      if (process != 0) kill(process, SIGKILL);
    }
    while (takeEnded(0)) {
    }
    _exit(0);
  }

 private:
  // False when none has ended, or there is none.
  bool takeEnded(int options) {
    const pid_t ended = waitpid(-1, nullptr, options);
    if (ended < 0) return errno == EINTR;
    for (size_t index = 0; ended > 0 && index < kMaximumUnpackers; index += 1) {
      if (processes_[index] == ended) setLife(index, 0, UnpackerLife::none);
    }
    return ended > 0;
  }

  void setLife(size_t index, pid_t process, UnpackerLife life) {
    processes_[index] = process;
    memory_.starter->processes[index].store(process);
    memory_.starter->lives[index].store(life);
    if (life == UnpackerLife::none) wakeWaiters(memory_.exchanges[index]->answered);
  }

  void start(size_t index) {
    // Not by the C library: what others want to be called at a fork needs rights.
    const long process = syscall(SYS_clone, static_cast<unsigned long>(SIGCHLD), 0, 0, 0, 0);
    if (process == 0) unpackFor(memory_, index, own_, atStart_);
    setLife(index, process > 0 ? static_cast<pid_t>(process) : 0, process > 0 ? UnpackerLife::running : UnpackerLife::none);
  }

  const SharedMemory& memory_;
  const MemorySize atStart_;
  const pid_t own_;
  pid_t processes_[kMaximumUnpackers]{};
};

int prepare(const SharedMemory& memory, pid_t parent) {
  pageOfStarter = memory.starter;
  if (const int error = takeSignals(); error != 0) return error;
  if (const int error = endWith(parent); error != 0) return error;
  if (prctl(PR_SET_NAME, "mig-unpacker") != 0) return errno;
  return keepStarterRights();
}

}  // namespace

void runStarter(const SharedMemory& memory, pid_t parent, const MemorySize& atStart) {
  const int error = prepare(memory, parent);
  memory.starter->error.store(static_cast<uint32_t>(error));
  memory.starter->isReady.store(error == 0 ? 1 : 0);
  wakeWaiters(memory.starter->isReady);
  if (error != 0) _exit(1);
  Starter(memory, atStart).run();
}

}  // namespace mig
