#include "unpack/rights_linux.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "confine/call_filter_linux.h"
#include "confine/call_program_linux.h"
#include "confine/capabilities_linux.h"
#include "confine/read_only_linux.h"
#include "proc/system.h"

namespace mig {

namespace {

// Missing in the headers of the oldest supported system.
constexpr int kCloseRange = 436;
constexpr uint32_t kMadvFree = 8;
constexpr uint32_t kAllBits = ~uint32_t{0};
// The data limit does not count shared mappings or mappings that grow like a stack.
constexpr uint32_t kKindOfMemory = MAP_ANONYMOUS | MAP_TYPE | MAP_GROWSDOWN;
// A module runs for a day at most.
constexpr rlim_t kMaximumCpuSeconds = 86'400;

void allowUnpacking(CallProgram& program) {
  program.allowIf(SYS_futex, {{1, kAllBits, {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE}}});
  // Private anonymous memory without execution, which counts as data. It cannot be changed later: without mremap no
  // shared mapping grows, and without mprotect no memory becomes writable beyond the limits.
  program.allowIf(SYS_mmap, {{2, PROT_EXEC, {0}}, {3, kKindOfMemory, {MAP_ANONYMOUS | MAP_PRIVATE}}});
  program.allowIf(SYS_madvise, {{2, kAllBits, {MADV_DONTNEED, kMadvFree}}});
  program.allow({SYS_munmap, SYS_brk, SYS_exit, SYS_exit_group});
}

void allowStarting(CallProgram& program) {
  program.allowIf(SYS_clone, {{0, kAllBits, {SIGCHLD}}});
  program.allowIf(SYS_kill, {{1, kAllBits, {SIGKILL}}});
  program.allow({SYS_wait4, SYS_getpid, SYS_getppid, SYS_rt_sigprocmask, SYS_rt_sigreturn});
  // An unpacker needs these calls to drop its remaining rights.
  program.allowIf(SYS_prctl, {{0, kAllBits, {PR_SET_PDEATHSIG}}});
  program.allowIf(SYS_prlimit64, {{0, kAllBits, {0}}});
  program.allow({SYS_setrlimit, SYS_seccomp});
}

int closeListed() {
  fs::Descriptor folder;
  if (const int error = proc::openAt(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY, folder); error != 0) return error;
  std::vector<int> open;
  const int error = proc::listDirectory(folder, [&](const char* name) {
    open.push_back(atoi(name));
    return true;
  });
  for (const int descriptor : open) {
    if (descriptor != folder.value()) close(descriptor);
  }
  return error;
}

int closeDescriptors() { return syscall(kCloseRange, 0u, ~0u, 0) == 0 ? 0 : closeListed(); }

int limit(__rlimit_resource_t resource, rlim_t most) {
  rlimit present{};
  if (getrlimit(resource, &present) != 0) return errno;
  // A limit is only lowered: raising it needs a privilege.
  const rlim_t least = std::min(present.rlim_max, most);
  const rlimit wanted{least, least};
  return setrlimit(resource, &wanted) == 0 ? 0 : errno;
}

int takeNoFiles() {
  const int version = readLandlockVersion();
  if (version == 0) return 0;
  fs::Descriptor rules;
  if (const int error = makeEmptyRules(version, rules); error != 0) return error;
  return takeReadOnlyRules(rules.value());
}

}  // namespace

int readMemorySize(MemorySize& size) {
  fs::Descriptor file;
  std::string text;
  if (const int error = proc::openAt(AT_FDCWD, "/proc/self/statm", O_RDONLY, file); error != 0) return error;
  if (const int error = proc::readToEnd(file, 256, text); error != 0) return error;
  // See proc(5): size, resident, shared, text, lib, data, dt; in pages.
  unsigned long long pages = 0;
  unsigned long long dataPages = 0;
  if (sscanf(text.c_str(), "%llu %*u %*u %*u %*u %llu", &pages, &dataPages) != 2) return EINVAL;
  const auto pageBytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  size = {pages * pageBytes, dataPages * pageBytes};
  return 0;
}

int endWith(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  return syscall(SYS_getppid) == parent ? 0 : ESRCH;
}

int keepStarterRights() {
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return errno;
  if (const int error = keepCapabilities(0); error != 0) return error;
  if (const int error = takeNoFiles(); error != 0) return error;
  if (const int error = closeDescriptors(); error != 0) return error;
  for (const auto resource : {RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_MSGQUEUE}) {
    if (const int error = limit(resource, 0); error != 0) return error;
  }
  if (!isCallFilterSupported()) return 0;
  CallProgram program;
  allowUnpacking(program);
  allowStarting(program);
  return program.install();
}

int keepUnpackerRights(const MemorySize& atStart) {
  if (const int error = limit(RLIMIT_NPROC, 0); error != 0) return error;
  if (const int error = limit(RLIMIT_CPU, kMaximumCpuSeconds); error != 0) return error;
  if (const int error = limit(RLIMIT_AS, atStart.addressBytes + kUnpackerMemoryBytes); error != 0) return error;
  if (const int error = limit(RLIMIT_DATA, atStart.dataBytes + kUnpackerMemoryBytes); error != 0) return error;
  if (!isCallFilterSupported()) return 0;
  CallProgram program;
  allowUnpacking(program);
  return program.install();
}

}  // namespace mig
