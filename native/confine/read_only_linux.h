// Landlock: this process reads files, changes none, and reaches no process outside of its domain.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig {

// The kernel's version of Landlock; 0 when it is missing or disabled.
int readLandlockVersion();

// Rules for reading everything but devices and the files below `withheld`, at every mount. Returns 0 or an errno value.
// Each thread applies them with takeReadOnlyRules.
int makeReadOnlyRules(int version, const std::vector<std::string>& withheld, fs::Descriptor& rules);

// Rules for reading no file at all.
int makeEmptyRules(int version, fs::Descriptor& rules);

// Makes only system calls. The thread must have set no_new_privs.
int takeReadOnlyRules(int rules);

}  // namespace mig
