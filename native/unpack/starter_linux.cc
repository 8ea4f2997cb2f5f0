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

// Counts as a change, so that no child's end is missed between checking and waiting.
void noteChild(int) { pageOfStarter->calls.fetch_add(1); }

// Signals to the process group are meant for the module process. A fault still ends this one.
int takeSignals() {
  sigset_t all;
  sigfillset(&all);
  if (sigprocmask(SIG_SETMASK, &all, nullptr) != 0) return errno;
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  // Signals with fixed handling return an error here.
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
        const UnpackerPhase phase = memory_.starter->phases[index].load();
        if (phase == UnpackerPhase::wanted && processes_[index] == 0) start(index);
        if (phase == UnpackerPhase::unwanted && processes_[index] != 0) kill(processes_[index], SIGKILL);
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
  // False when no child has ended, or there is none.
  bool takeEnded(int options) {
    const pid_t ended = waitpid(-1, nullptr, options);
    if (ended < 0) return errno == EINTR;
    for (size_t index = 0; ended > 0 && index < kMaximumUnpackers; index += 1) {
      if (processes_[index] == ended) setPhase(index, 0, UnpackerPhase::none);
    }
    return ended > 0;
  }

  void setPhase(size_t index, pid_t process, UnpackerPhase phase) {
    processes_[index] = process;
    memory_.starter->processes[index].store(process);
    memory_.starter->phases[index].store(phase);
    if (phase == UnpackerPhase::none) wakeWaiters(memory_.exchanges[index]->answered);
  }

  void start(size_t index) {
    // Not by the C library: fork handlers of others would need rights.
    const long process = syscall(SYS_clone, static_cast<unsigned long>(SIGCHLD), 0, 0, 0, 0);
    if (process == 0) unpackFor(memory_, index, own_, atStart_);
    setPhase(index, process > 0 ? static_cast<pid_t>(process) : 0, process > 0 ? UnpackerPhase::running : UnpackerPhase::none);
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
