// The container that a process runs in, from the names of its control groups. Linux only.
#pragma once

#include <string>
#include <string_view>

#include "proc/process.h"

namespace mig::proc {

// `docker/<64 hex digits>`: what made the container, where its name tells, and the container's own name. Empty when the
// process is in none. @see proc(5), /proc/PID/cgroup
std::string parseContainer(std::string_view cgroup);
int readContainer(const Process& process, std::string& container);

}  // namespace mig::proc
