// Writes a seccomp filter call by call; see seccomp(2). Allowed is what is added, everything else is refused.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace mig {

// What an argument must be, after the mask, by its lower half: all the kernel looks at in flags and commands.
struct ArgumentCheck {
  unsigned index;
  uint32_t mask;
  std::vector<uint32_t> values;
};

// The newest call that was looked at when these lists were made.
constexpr int kNewestKnownCall = 462;

class CallProgram {
 public:
  CallProgram();
  void allow(std::initializer_list<int> calls);
  // When every check holds.
  void allowIf(int call, const std::vector<ArgumentCheck>& checks);
  void refuseWith(int call, int error);
  // Puts the program into force for all threads, which must have given up new privileges. What was not named is refused; what
  // is newer than all that is known here is not there. 0 or an error number.
  int install();

 private:
  void add(uint16_t code, uint32_t value, uint8_t ifTrue = 0, uint8_t ifFalse = 0);
  void refuse(int error);
  void finish();

  std::vector<sock_filter> program_;
};

}  // namespace mig
