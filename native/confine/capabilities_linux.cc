#include "confine/capabilities_linux.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace mig {

namespace {

// CAP_CHECKPOINT_RESTORE, of Linux 5.9.
constexpr unsigned kCheckpointRestore = 40;

uint64_t bit(unsigned capability) { return uint64_t{1} << capability; }

}  // namespace

uint64_t neededCapabilities(const ModuleNeeds& needs) {
  uint64_t needed = 0;
  if (needs.readsAllFiles) needed |= bit(CAP_DAC_READ_SEARCH);
  if (needs.readsProcesses) needed |= bit(CAP_SYS_PTRACE);
  if (needs.readsMappedFiles) needed |= bit(kCheckpointRestore);
  if (needs.entersNamespaces) needed |= bit(CAP_SYS_ADMIN);
  return needed;
}

// The bounding set stays as it is. Without new privileges a program that is started gets no more than is permitted here (see
// cap_bprm_creds_from_file in the kernel), and emptying the set takes a millisecond of each thread.
int keepCapabilities(uint64_t kept) {
  if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (syscall(SYS_capget, &header, sets) != 0) return errno;
  syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  const uint32_t halves[2] = {static_cast<uint32_t>(kept), static_cast<uint32_t>(kept >> 32)};
  for (unsigned half = 0; half < 2; half += 1) {
    sets[half].permitted &= halves[half];
    sets[half].effective = sets[half].permitted;
    sets[half].inheritable = 0;
  }
  return syscall(SYS_capset, &header, sets) == 0 ? 0 : errno;
}

}  // namespace mig
