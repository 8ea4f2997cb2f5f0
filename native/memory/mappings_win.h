// The mappings of a Windows process.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"
#include "memory/mapping.h"

namespace mig {

// By address; `offset` is the offset in the loaded image. Returns 0 or an errno value.
int readMappings(const fs::Descriptor& process, std::vector<Mapping>& mappings);

}  // namespace mig
