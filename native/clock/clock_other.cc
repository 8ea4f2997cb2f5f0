#include "clock/clock.h"

namespace mig {

bool readClock(ClockState&, std::string& error) {
  error = "this system is not asked about its clock";
  return false;
}

}  // namespace mig
