// Builds a seccomp filter call by call; see seccomp(2). It is an allow list: a call that was not added is refused.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace mig {

// The expected value of an argument after the mask. Only the lower 32 bits count, as the kernel reads no more of flags
// and commands.
struct ArgumentCheck {
  unsigned index;
  uint32_t mask;
  std::vector<uint32_t> values;
};

// The newest system call known when these lists were made.
constexpr int kNewestKnownCall = 462;

class CallProgram {
 public:
  CallProgram();
  void allow(std::initializer_list<int> calls);
  // Allowed when every check holds.
  void allowIf(int call, const std::vector<ArgumentCheck>& checks);
  void refuseWith(int call, int error);
  // Installs the program for all threads, which must have set no_new_privs. A call that was not added is refused; a
  // call newer than kNewestKnownCall fails with ENOSYS. Returns 0 or an errno value.
  int install();

 private:
  void add(uint16_t code, uint32_t value, uint8_t ifTrue = 0, uint8_t ifFalse = 0);
  void refuse(int error);
  void finish();

  std::vector<sock_filter> program_;
};

}  // namespace mig
