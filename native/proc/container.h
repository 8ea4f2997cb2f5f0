// The container of a process, by the names of its control groups. Linux only.
#pragma once

#include <string>
#include <string_view>

#include "proc/process.h"

namespace mig::proc {

// `docker/<64 hex digits>`: the runtime, if the name tells it, and the container's own name. Empty outside of
// containers. @see proc(5), /proc/PID/cgroup
std::string parseContainer(std::string_view cgroup);
int readContainer(const Process& process, std::string& container);

}  // namespace mig::proc
