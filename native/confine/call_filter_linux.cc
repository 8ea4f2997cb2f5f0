#include "confine/call_filter_linux.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "confine/call_program_linux.h"

namespace mig {

namespace {

// Missing in the headers of the oldest supported system.
constexpr int kClone3 = 435;
constexpr int kCloseRange = 436;
constexpr int kOpenat2 = 437;
constexpr int kFaccessat2 = 439;
constexpr int kEpollPwait2 = 441;
constexpr int kFutexWaitv = 449;
constexpr int kRseq =
#if defined(__x86_64__)
    334;
#else
    293;
#endif
constexpr uint32_t kPrSetVma = 0x53564d41;
constexpr uint32_t kPagemapScan = 0xc0606610;
constexpr uint32_t kAllBits = ~uint32_t{0};
constexpr uint32_t kNewNamespaces =
    CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;

void allowReading(CallProgram& program) {
  // The most frequent calls of a search come first.
  constexpr uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
  program.allowIf(SYS_openat, {{2, writing, {O_RDONLY}}});
  program.allow({SYS_read, SYS_pread64, SYS_preadv2, SYS_close, SYS_newfstatat, SYS_fstat, SYS_statx, SYS_getdents64});
  program.allow({SYS_futex, SYS_fadvise64, SYS_readlinkat, SYS_readv, SYS_preadv, SYS_lseek, SYS_readahead, SYS_faccessat});
  program.allow({SYS_listxattr, SYS_llistxattr, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr});
  program.allow({SYS_fstatfs, SYS_statfs, SYS_getcwd, SYS_dup, SYS_dup3, SYS_pipe2, kCloseRange, kFaccessat2});
#if defined(__x86_64__)
  program.allowIf(SYS_open, {{1, writing, {O_RDONLY}}});
  program.allow({SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_dup2, SYS_pipe});
#endif
  // A filter cannot read the flags, which are in memory. After the refusal the caller falls back to openat.
  program.refuseWith(kOpenat2, ENOSYS);
  const std::vector<uint32_t> descriptorCommands{F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ};
  program.allowIf(SYS_fcntl, {{1, kAllBits, descriptorCommands}});
}

// Writes go to descriptors that are open already: the outcome pipe and Node's wake-up descriptors.
void allowWriting(CallProgram& program) { program.allow({SYS_write, SYS_writev}); }

void allowMemory(CallProgram& program) {
  program.allow({SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_mincore, SYS_mlock, SYS_munlock, SYS_membarrier});
  program.allow({SYS_pkey_alloc, SYS_pkey_free, SYS_pkey_mprotect});
}

void allowWaiting(CallProgram& program) {
  program.allow({SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_ppoll, SYS_pselect6, kEpollPwait2, kFutexWaitv});
  program.allow({SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_times, SYS_restart_syscall});
#if defined(__x86_64__)
  program.allow({SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_poll, SYS_select, SYS_time});
#endif
}

void allowThreads(CallProgram& program) {
  // Threads only: a process with memory of its own is refused.
  program.allowIf(SYS_clone, {{0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_VFORK | kNewNamespaces, {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND}}});
  program.refuseWith(kClone3, ENOSYS);
  program.allow({SYS_gettid, SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, kRseq, SYS_exit, SYS_exit_group});
  program.allow({SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getcpu});
  program.allow({SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_sigaltstack});
#if defined(__x86_64__)
  program.allow({SYS_arch_prctl});
#endif
  // Signals to itself only.
  const auto self = static_cast<uint32_t>(getpid());
  program.allowIf(SYS_tgkill, {{0, kAllBits, {self}}});
  program.allowIf(SYS_kill, {{0, kAllBits, {self}}});
}

void allowFacts(CallProgram& program) {
  program.allow({SYS_getpid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups});
  program.allow({SYS_getrusage, SYS_getrlimit, SYS_setrlimit, SYS_sysinfo, SYS_uname, SYS_getrandom, SYS_getpriority, SYS_capget});
  // Limits of this process only.
  program.allowIf(SYS_prlimit64, {{0, kAllBits, {0}}});
  program.allowIf(SYS_prctl, {{0, kAllBits, {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, kPrSetVma}}});
}

void allowDescriptorFacts(CallProgram& program, const ModuleNeeds& needs) {
  std::vector<uint32_t> requests{FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ};
  if (needs.readsProcesses) requests.push_back(kPagemapScan);
  program.allowIf(SYS_ioctl, {{1, kAllBits, requests}});
  // Node asks for the type of its input descriptor.
  program.allow({SYS_getsockopt, SYS_getsockname, SYS_getpeername, SYS_shutdown});
}

void allowNeeds(CallProgram& program, const ModuleNeeds& needs) {
  if (needs.readsProcesses) program.allow({SYS_process_vm_readv});
  if (needs.asksKernelTables) {
    program.allowIf(SYS_socket, {{0, kAllBits, {AF_NETLINK}}, {2, kAllBits, {NETLINK_ROUTE, NETLINK_SOCK_DIAG}}});
    program.allow({SYS_sendto, SYS_recvfrom, SYS_recvmsg, SYS_setsockopt, SYS_bind});
  }
  // Setting it takes a capability, which no module has.
  if (needs.readsClock) program.allow({SYS_adjtimex});
  // For its own children only.
  if (needs.startsUnpackers) program.allow({SYS_wait4, SYS_waitid});
  if (needs.entersNamespaces) program.allowIf(SYS_setns, {{1, kAllBits, {CLONE_NEWNET}}});
}

}  // namespace

bool isCallFilterSupported() {
  const uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int installCallFilter(const ModuleNeeds& needs) {
  CallProgram program;
  allowReading(program);
  allowWriting(program);
  allowMemory(program);
  allowWaiting(program);
  allowThreads(program);
  allowFacts(program);
  allowDescriptorFacts(program, needs);
  allowNeeds(program, needs);
  return program.install();
}

}  // namespace mig
