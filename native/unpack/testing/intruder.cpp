#include "unpack/testing/intruder.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

pid_t checkProcess = 0;

namespace {

std::string outcomeOf(long result) {
  if (result >= 0) return "done";
  return errno == EPERM ? "EPERM" : std::to_string(errno);
}

void add(std::string& text, const char* name, long result) { text += std::string(name) + ": " + outcomeOf(result) + "\n"; }

// The first attempts of an intruder, and some unusual ones.
std::string tryCalls() {
  static char bytes[64];
  iovec piece{bytes, 8};
  const long self = getpid();
  const size_t page = 4096;
  std::string text;
  add(text, "open", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
  add(text, "create", syscall(SYS_openat, AT_FDCWD, "/tmp/mig-made-by-an-unpacker", O_CREAT | O_WRONLY, 0600));
  add(text, "socket", syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
  add(text, "unix socket", syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, bytes));
  add(text, "connect", syscall(SYS_connect, 0, bytes, 16));
  const char* const arguments[] = {"/bin/true", nullptr};
  add(text, "execve", syscall(SYS_execve, arguments[0], arguments, arguments + 1));
  add(text, "fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  add(text, "thread", syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0, 0, 0));
  add(text, "kill", syscall(SYS_kill, checkProcess, SIGTERM));
  add(text, "kill starter", syscall(SYS_kill, -1, SIGKILL));
  add(text, "tgkill", syscall(SYS_tgkill, checkProcess, checkProcess, SIGTERM));
  add(text, "ptrace", syscall(SYS_ptrace, PTRACE_SEIZE, checkProcess, 0, 0));
  add(text, "traceme", syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
  add(text, "read memory", syscall(SYS_process_vm_readv, checkProcess, &piece, 1, &piece, 1, 0));
  add(text, "write memory", syscall(SYS_process_vm_writev, checkProcess, &piece, 1, &piece, 1, 0));
  add(text, "read", syscall(SYS_read, 0, bytes, 1));
  add(text, "write", syscall(SYS_write, 1, bytes, 1));
  add(text, "getpid", syscall(SYS_getpid));
  add(text, "wait", syscall(SYS_wait4, -1, nullptr, 0, nullptr));
  add(text, "dumpable", syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
  add(text, "outlive", syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0));
  add(text, "limits", syscall(SYS_prlimit64, 0, RLIMIT_AS, nullptr, bytes));
  add(text, "filter", syscall(SYS_seccomp, 0, 0, nullptr));
  add(text, "signals", syscall(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, nullptr, 8));
  add(text, "code", reinterpret_cast<long>(mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) == -1 ? -1 : 0);
  add(text, "made code", syscall(SYS_mprotect, reinterpret_cast<uintptr_t>(bytes) & ~(page - 1), page, PROT_READ | PROT_EXEC));
  add(text, "mapped file", reinterpret_cast<long>(mmap(nullptr, page, PROT_READ, MAP_PRIVATE, 0, 0)) == -1 ? -1 : 0);
  add(text, "futex of a lock", syscall(SYS_futex, bytes, FUTEX_LOCK_PI, 0, nullptr, nullptr, 0));
  add(text, "user", syscall(SYS_setuid, 0));
  add(text, "unshare", syscall(SYS_unshare, CLONE_NEWUSER));
  add(text, "mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, nullptr));
  add(text, "program of the kernel", syscall(SYS_bpf, 0, bytes, 48));
  add(text, "faults", syscall(323, 0));
  add(text, "ring", syscall(425, 1, bytes));
  add(text, "watch", syscall(SYS_perf_event_open, bytes, 0, -1, -1, 0));
  add(text, "descriptor of a process", syscall(434, self, 0));
  add(text, "time", syscall(SYS_clock_settime, 0, bytes));
  return text;
}

// How many MiB can be allocated with these `flags`.
std::string takeMemory(int flags) {
  std::vector<void*> pieces;
  while (pieces.size() < 4096) {
    void* piece = mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) break;
    memset(piece, 1, 1 << 20);
    pieces.push_back(piece);
  }
  for (void* piece : pieces) munmap(piece, 1 << 20);
  return std::to_string(pieces.size());
}

// How many MiB can become writable when the whole address space is in use: the kernel does not check a limit again once
// it is exceeded.
std::string makeWritable() {
  std::vector<void*> pieces;
  for (void* piece; (piece = mmap(nullptr, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED;) pieces.push_back(piece);
  const auto count = std::count_if(pieces.begin(), pieces.end(), [](void* piece) { return mprotect(piece, 1 << 20, PROT_READ | PROT_WRITE) == 0; });
  for (void* piece : pieces) munmap(piece, 1 << 20);
  return std::to_string(count);
}

[[noreturn]] void crash() {
  *static_cast<volatile int*>(nullptr) = 1;
  abort();
}

[[noreturn]] void hang() {
  for (;;) sched_yield();
}

// A larger view of the same memory, into which the answer to the neighbour's next request is written.
std::string forgeNeighbour(mig::Exchange& exchange) {
  void* grown = mremap(&exchange, sizeof exchange, 2 * sizeof exchange, MREMAP_MAYMOVE);
  if (grown == MAP_FAILED) return outcomeOf(-1);
  mig::Exchange& neighbour = static_cast<mig::Exchange*>(grown)[1];
  memcpy(neighbour.output, "forged", 6);
  neighbour.outputBytes.store(6);
  neighbour.state.store(1);
  neighbour.isComplete.store(1);
  neighbour.answered.store(neighbour.asked.load() + 1);
  _exit(0);
}

// Counts the addresses that are memory here; each is a word of 8 bytes.
std::string countReached(const std::string& addresses) {
  int count = 0;
  for (size_t start = 0; start + sizeof(uintptr_t) <= addresses.size(); start += sizeof(uintptr_t)) {
    uintptr_t address = 0;
    memcpy(&address, addresses.data() + start, sizeof address);
    if (syscall(SYS_futex, address, FUTEX_WAKE, 0, nullptr, nullptr, 0) >= 0) count += 1;
  }
  return std::to_string(count);
}

void answerAs(mig::Exchange& exchange, uint32_t outputBytes, uint32_t state) {
  exchange.outputBytes.store(outputBytes);
  exchange.state.store(state);
  exchange.isComplete.store(1);
  exchange.answered.store(exchange.asked.load());
  mig::wakeWaiters(exchange.answered);
}

}  // namespace

std::string obey(const std::string& command, mig::Exchange& exchange) {
  if (command == "calls") return tryCalls();
  if (command == "memory") return takeMemory(MAP_PRIVATE);
  if (command == "shared memory") return takeMemory(MAP_SHARED);
  if (command == "memory that grows") return takeMemory(MAP_PRIVATE | MAP_GROWSDOWN);
  if (command == "memory made writable") return makeWritable();
  if (command == "grow") return forgeNeighbour(exchange);
  if (command.compare(0, kReach.size(), kReach) == 0) return countReached(command.substr(kReach.size()));
  if (command == "crash") crash();
  if (command == "exit") _exit(0);
  if (command == "hang") hang();
  if (command == "more than asked for") answerAs(exchange, exchange.capacity.load() + 1, 0), hang();
  if (command == "as much as there is") answerAs(exchange, UINT32_MAX, 0), hang();
  if (command == "no such state") answerAs(exchange, 0, 77), hang();
  if (command == "failed") answerAs(exchange, 0, 5), hang();
  if (command == "other answers") {
    exchange.answered.store(exchange.asked.load() + 1000);
    mig::wakeWaiters(exchange.answered);
    crash();
  }
  if (command == "answer, then crash") answerAs(exchange, 0, 1), crash();
  return command;
}
