#include "proc/process_win.h"

#include <cerrno>

#include "fs/fs_win.h"
#include "platform/privilege_win.h"

namespace mig::proc {

uint64_t toMicroseconds(uint64_t ticks) {
  constexpr uint64_t kEpochTicks = 116444736000000000;
  return ticks < kEpochTicks ? 0 : (ticks - kEpochTicks) / 10;
}

void enableDebugging() {
  [[maybe_unused]] static const bool isEnabled = enablePrivilege(L"SeDebugPrivilege");
}

int openProcess(int pid, DWORD access, fs::Descriptor& process) {
  enableDebugging();
  const HANDLE handle = OpenProcess(access, FALSE, static_cast<DWORD>(pid));
  if (handle == nullptr) return GetLastError() == ERROR_INVALID_PARAMETER ? ESRCH : fs::errorOf(GetLastError());
  process = fs::Descriptor(reinterpret_cast<fs::SystemHandle>(handle));
  // An ended process exists as long as anybody has a handle of it.
  DWORD exitCode = 0;
  if (GetExitCodeProcess(handle, &exitCode) && exitCode != STILL_ACTIVE) return ESRCH;
  return 0;
}

int openProcess(int pid, uint64_t startMicroseconds, DWORD access, fs::Descriptor& process) {
  if (const int error = openProcess(pid, access | PROCESS_QUERY_LIMITED_INFORMATION, process)) return error;
  return readStart(process) == startMicroseconds ? 0 : ESRCH;
}

uint64_t readStart(const fs::Descriptor& process) {
  FILETIME start{}, unused;
  if (!GetProcessTimes(fs::handleOf(process), &start, &unused, &unused, &unused)) return 0;
  return toMicroseconds(uint64_t{start.dwHighDateTime} << 32 | start.dwLowDateTime);
}

}  // namespace mig::proc
