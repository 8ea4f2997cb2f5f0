// The mappings of a process as /proc/PID/maps lists them.
#pragma once

#include <string_view>
#include <vector>

#include "memory/mapping.h"
#include "proc/file_systems_linux.h"
#include "proc/process.h"

namespace mig {

// False when the line is none of that file's.
bool parseMapping(std::string_view line, Mapping& mapping);
// By address. EFBIG when there are more than any honest process has.
int readMappings(const proc::Process& process, proc::FileSystems& fileSystems, std::vector<Mapping>& mappings);

}  // namespace mig
