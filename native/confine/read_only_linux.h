// Landlock: this process reads files and does nothing else with the file system, nor with anybody outside of it.
#pragma once

#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig {

// The kernel's version of Landlock, 0 when there is none or it is switched off.
int readLandlockVersion();

// Rules for reading everything but devices and the files below `withheld`, whichever mount shows them; 0 or an error number.
// Each thread takes them with takeReadOnlyRules.
int makeReadOnlyRules(int version, const std::vector<std::string>& withheld, fs::Descriptor& rules);

// The same without a single file to read.
int makeEmptyRules(int version, fs::Descriptor& rules);

// Only system calls. The thread must have given up new privileges.
int takeReadOnlyRules(int rules);

}  // namespace mig
