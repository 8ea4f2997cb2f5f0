// What the kernel knows of its clock; nothing is asked of other machines.
#pragma once

#include <string>

namespace mig {

struct ClockState {
  bool isSynchronised = false;  // by a program that keeps it
  double offsetSeconds = 0;     // that is still to be made up
  double estimatedErrorSeconds = 0;
  double maximumErrorSeconds = 0;
};

// False when the system does not tell, with the reason in `error`.
bool readClock(ClockState& state, std::string& error);

}  // namespace mig
