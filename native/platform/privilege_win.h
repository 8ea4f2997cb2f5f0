// Rights that a service has but that do nothing until it asks for them.
#pragma once

#include <string>

namespace mig {

// Puts a privilege of this process's user into force, `SeBackupPrivilege` and the like; false when the user has not got it.
bool enablePrivilege(const wchar_t* name);

// What GetLastError() means, as text: "access is denied (5)".
std::string describeWindowsError(unsigned long code);

}  // namespace mig
