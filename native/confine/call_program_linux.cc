#include "confine/call_program_linux.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace mig {

namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif
// Calls by the x32 convention of x86-64: the same calls under other numbers.
constexpr uint32_t kOtherConvention = 0x40000000;

// SECCOMP_RET_KILL_PROCESS of newer headers.
constexpr uint32_t kKillProcess = 0x80000000;

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr uint16_t kIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr uint16_t kIfAtLeast = BPF_JMP | BPF_JGE | BPF_K;
constexpr uint16_t kReturn = BPF_RET | BPF_K;

// Both architectures are little-endian: the lower half comes first.
uint32_t argumentOffset(unsigned index) { return static_cast<uint32_t>(offsetof(seccomp_data, args) + index * sizeof(uint64_t)); }

}  // namespace

void CallProgram::add(uint16_t code, uint32_t value, uint8_t ifTrue, uint8_t ifFalse) { program_.push_back({code, ifTrue, ifFalse, value}); }

void CallProgram::refuse(int error) { add(kReturn, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)); }

CallProgram::CallProgram() {
  add(kLoad, offsetof(seccomp_data, arch));
  add(kIfEqual, kArchitecture, 1, 0);
  add(kReturn, kKillProcess);
  add(kLoad, offsetof(seccomp_data, nr));
  add(kIfAtLeast, kOtherConvention, 0, 1);
  add(kReturn, kKillProcess);
}

void CallProgram::allow(std::initializer_list<int> calls) {
  for (const int call : calls) {
    add(kIfEqual, static_cast<uint32_t>(call), 0, 1);
    add(kReturn, SECCOMP_RET_ALLOW);
  }
}

void CallProgram::allowIf(int call, const std::vector<ArgumentCheck>& checks) {
  add(kIfEqual, static_cast<uint32_t>(call), 0, 0);
  const size_t start = program_.size();
  for (const ArgumentCheck& check : checks) {
    add(kLoad, argumentOffset(check.index));
    add(BPF_ALU | BPF_AND | BPF_K, check.mask);
    // Skips the remaining values and the refusal: on to the next check.
    size_t left = check.values.size();
    for (const uint32_t value : check.values) add(kIfEqual, value, static_cast<uint8_t>(left--), 0);
    refuse(EPERM);
  }
  add(kReturn, SECCOMP_RET_ALLOW);
  program_[start - 1].jf = static_cast<uint8_t>(program_.size() - start);
}

void CallProgram::refuseWith(int call, int error) {
  add(kIfEqual, static_cast<uint32_t>(call), 0, 1);
  refuse(error);
}

void CallProgram::finish() {
  // The C library tries the newest call first and falls back to the older one on ENOSYS.
  add(kIfAtLeast, static_cast<uint32_t>(kNewestKnownCall) + 1, 0, 1);
  refuse(ENOSYS);
  refuse(EPERM);
}

int CallProgram::install() {
  finish();
  const sock_fprog wanted{static_cast<unsigned short>(program_.size()), program_.data()};
  // Speculation side channels reveal nothing that a module may not read. Without the second flag, older kernels would
  // slow the process down.
  const long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW, &wanted);
  if (result == 0) return 0;
  // A thread with a filter of its own.
  if (result > 0) return EBUSY;
  if (errno != EINVAL) return errno;
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &wanted) == 0 ? 0 : errno;
}

}  // namespace mig
