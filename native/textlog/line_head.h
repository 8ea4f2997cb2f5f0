// What stands in front of the message of a line of syslog: the priority and the name of the program.
#pragma once

#include <string_view>

#include "textlog/stamp.h"

namespace mig::textlog {

struct LineHead {
  int priority = -1;  // 0 to 7; -1 without one
  // Empty when the line does not name it clearly: only what stands before `:` or `[pid]`.
  std::string_view identifier;
};

LineHead parseHead(std::string_view line, const Stamp& stamp);

}  // namespace mig::textlog
