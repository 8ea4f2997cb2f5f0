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

class CallProgram {
 public:
  CallProgram();
  void allow(std::initializer_list<int> calls);
  // When every check holds.
  void allowIf(int call, const std::vector<ArgumentCheck>& checks);
  void refuseWith(int call, int error);
  // Ends the program: what was not named is refused; a call newer than `newestCall` is unknown here.
  std::vector<sock_filter> finish(int newestCall);

 private:
  void add(uint16_t code, uint32_t value, uint8_t ifTrue = 0, uint8_t ifFalse = 0);
  void refuse(int error);

  std::vector<sock_filter> program_;
};

}  // namespace mig
