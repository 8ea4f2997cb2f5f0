// The mappings of a process of Windows.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"
#include "memory/mapping.h"

namespace mig {

// By address; `offset` is that in the loaded image. 0 or an errno value.
int readMappings(const fs::Descriptor& process, std::vector<Mapping>& mappings);

}  // namespace mig
