#include "confine/every_thread_linux.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

namespace mig {

namespace {

// The C library's own signal for this purpose (setuid on all threads). No thread can block it through the C library.
// Node has a thread that blocks all other signals.
constexpr int kSignal = 33;
constexpr timespec kPoll{0, 20 * 1000};
constexpr int kPolls = 250 * 1000;  // 5 s

struct Visit {
  int thread = 0;
  int error = 0;
  std::atomic<bool> done{false};
};

struct Round {
  int (*work)(const void*) = nullptr;
  const void* argument = nullptr;
  Visit* visits = nullptr;
  size_t count = 0;
};

std::atomic<const Round*> currentRound{nullptr};

void handleSignal(int) {
  const int savedError = errno;
  const auto thread = static_cast<int>(syscall(SYS_gettid));
  const Round* round = currentRound.load();
  for (size_t index = 0; round != nullptr && index < round->count; index += 1) {
    Visit& visit = round->visits[index];
    if (visit.thread != thread || visit.done.load()) continue;
    visit.error = round->work(round->argument);
    visit.done.store(true);
  }
  errno = savedError;
}

// The kernel's struct; the C library's sigaction refuses this signal.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

#if defined(__x86_64__)
constexpr unsigned long kRestorerFlag = 0x04000000;
extern "C" void migSignalRestorer();
__asm__(
    ".text\n"
    ".globl migSignalRestorer\n"
    ".hidden migSignalRestorer\n"
    ".type migSignalRestorer,@function\n"
    "migSignalRestorer:\n"
    "  movq $15, %rax\n"  // rt_sigreturn
    "  syscall\n"
    ".size migSignalRestorer,.-migSignalRestorer\n");
#else
// This architecture's kernel supplies its own restorer.
constexpr unsigned long kRestorerFlag = 0;
constexpr void (*migSignalRestorer)() = nullptr;
#endif

// Installs the signal handler for its own lifetime.
class Handler {
 public:
  Handler() {
    const KernelAction action{handleSignal, SA_RESTART | kRestorerFlag, migSignalRestorer, ~uint64_t{0}};
    if (syscall(SYS_rt_sigaction, kSignal, &action, &before_, sizeof before_.mask) != 0) error_ = errno;
  }
  ~Handler() {
    if (error_ == 0) syscall(SYS_rt_sigaction, kSignal, &before_, nullptr, sizeof before_.mask);
  }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  int error() const { return error_; }

 private:
  KernelAction before_{};
  int error_ = 0;
};

int listThreads(std::vector<int>& threads) {
  threads.clear();
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return errno;
  while (const dirent* task = readdir(tasks)) {
    if (task->d_name[0] != '.') threads.push_back(atoi(task->d_name));
  }
  closedir(tasks);
  return 0;
}

bool isThere(int thread) { return syscall(SYS_tgkill, getpid(), thread, 0) == 0; }

// A thread that has ended meanwhile needs no call.
int waitFor(const Visit& visit) {
  for (int poll = 0; poll < kPolls; poll += 1) {
    if (visit.done.load()) return visit.error;
    if (!isThere(visit.thread)) return 0;
    nanosleep(&kPoll, nullptr);
  }
  return ETIMEDOUT;
}

int visitThreads(const std::vector<int>& threads, int (*work)(const void*), const void* argument) {
  const std::unique_ptr<Visit[]> visits(new Visit[threads.size()]);
  for (size_t index = 0; index < threads.size(); index += 1) visits[index].thread = threads[index];
  const Round round{work, argument, visits.get(), threads.size()};
  currentRound.store(&round);
  for (const int thread : threads) syscall(SYS_tgkill, getpid(), thread, kSignal);
  int error = 0;
  for (size_t index = 0; index < threads.size(); index += 1) {
    const int refused = waitFor(visits[index]);
    if (error == 0) error = refused;
  }
  currentRound.store(nullptr);
  return error;
}

}  // namespace

int onEveryThread(int (*work)(const void*), const void* argument) {
  const Handler handler;
  if (handler.error() != 0) return handler.error();
  std::vector<int> visited;
  std::vector<int> threads;
  for (;;) {
    if (const int error = listThreads(threads); error != 0) return error;
    const auto isVisited = [&](int thread) { return std::find(visited.begin(), visited.end(), thread) != visited.end(); };
    threads.erase(std::remove_if(threads.begin(), threads.end(), isVisited), threads.end());
    // A thread started meanwhile is found in the next round.
    if (threads.empty()) return 0;
    if (const int error = visitThreads(threads, work, argument); error != 0) return error;
    visited.insert(visited.end(), threads.begin(), threads.end());
  }
}

}  // namespace mig
