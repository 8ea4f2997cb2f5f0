// The mounts of this process's namespace as text, see proc_pid_mountinfo(5).
#pragma once

#include <string>

namespace mig::proc {

// The kernel hands out the table in pages: a mount that goes between two of them may hide another one. The table is
// read until no mount came or went meanwhile. On a host that never rests, the last reading counts. Returns 0 or an
// errno value.
int readMountTable(std::string& text);

}  // namespace mig::proc
