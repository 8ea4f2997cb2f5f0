// How often something was there, and from when to when.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mig::journal {

// In microseconds since 1970.
struct Span {
  uint64_t count = 0;
  uint64_t first = 0;
  uint64_t last = 0;

  void add(uint64_t realtime) {
    first = count == 0 ? realtime : std::min(first, realtime);
    last = std::max(last, realtime);
    count += 1;
  }
};

}  // namespace mig::journal
