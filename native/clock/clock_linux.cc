// By adjtimex(2) without any mode, which only reads.
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "clock/clock.h"

namespace mig {

bool readClock(ClockState& state, std::string& error) {
  struct timex kept;
  std::memset(&kept, 0, sizeof(kept));
  // The C library may take another call, which a filter of calls would have to know as well.
  if (syscall(SYS_adjtimex, &kept) < 0) {
    error = std::string("adjtimex: ") + std::strerror(errno);
    return false;
  }
  constexpr double kMicro = 1e-6;
  state.isSynchronised = (kept.status & STA_UNSYNC) == 0;
  state.offsetSeconds = static_cast<double>(kept.offset) * ((kept.status & STA_NANO) != 0 ? 1e-9 : kMicro);
  state.estimatedErrorSeconds = static_cast<double>(kept.esterror) * kMicro;
  state.maximumErrorSeconds = static_cast<double>(kept.maxerror) * kMicro;
  return true;
}

}  // namespace mig
