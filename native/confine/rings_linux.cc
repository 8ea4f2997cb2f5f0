#include "confine/rings.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "confine/call_filter_linux.h"
#include "fs/fs.h"

namespace mig {

namespace {

// The same on every architecture; missing in the headers of the oldest supported system.
constexpr uint32_t kIoUringSetup = 425;

}  // namespace

bool refuseRings(std::string& error) {
  static thread_local bool isDone = false;
  if (isDone || !isCallFilterSupported()) return true;
  sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, kIoUringSetup},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
      (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0 ||
       (errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0))) {
    isDone = true;
    return true;
  }
  error = "io_uring could not be blocked: " + fs::describeError(errno);
  return false;
}

}  // namespace mig
