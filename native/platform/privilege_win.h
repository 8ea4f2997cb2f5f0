// Privileges of Windows, which have no effect until they are enabled.
#pragma once

#include <string>

namespace mig {

// Enables a privilege such as `SeBackupPrivilege`; false when this process's user does not have it.
bool enablePrivilege(const wchar_t* name);

// The text for a GetLastError() code: "access is denied (5)".
std::string describeWindowsError(unsigned long code);

}  // namespace mig
