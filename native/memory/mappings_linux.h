// The mappings of a process from /proc/PID/maps.
#pragma once

#include <string_view>
#include <vector>

#include "memory/mapping.h"
#include "proc/file_systems_linux.h"
#include "proc/process.h"

namespace mig {

// False when the line has another format.
bool parseMapping(std::string_view line, Mapping& mapping);
// By address. EFBIG for implausibly many mappings.
int readMappings(const proc::Process& process, proc::FileSystems& fileSystems, std::vector<Mapping>& mappings, bool* cut);

}  // namespace mig
