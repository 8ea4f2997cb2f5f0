#include "platform/privilege_win.h"

#include "platform/windows.h"
#include "text/wide_win.h"

namespace mig {

namespace {

// Also works in a process that may not change its token any more.
bool isInForce(const LUID& privilege) {
  HANDLE token = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
  PRIVILEGE_SET wanted{1, PRIVILEGE_SET_ALL_NECESSARY, {{privilege, 0}}};
  BOOL isHeld = FALSE;
  const bool isAnswered = PrivilegeCheck(token, &wanted, &isHeld);
  CloseHandle(token);
  return isAnswered && isHeld;
}

}  // namespace

bool enablePrivilege(const wchar_t* name) {
  LUID privilege{};
  if (!LookupPrivilegeValueW(nullptr, name, &privilege)) return false;
  if (isInForce(privilege)) return true;
  HANDLE token = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token)) return false;
  TOKEN_PRIVILEGES wanted{};
  wanted.PrivilegeCount = 1;
  wanted.Privileges[0] = {privilege, SE_PRIVILEGE_ENABLED};
  // Succeeds even if it changed nothing; the last error then says so.
  const bool isEnabled = AdjustTokenPrivileges(token, FALSE, &wanted, 0, nullptr, nullptr) && GetLastError() == ERROR_SUCCESS;
  CloseHandle(token);
  return isEnabled;
}

std::string describeWindowsError(unsigned long code) {
  wchar_t buffer[256];
  const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, code,
                                      MAKELANGID(LANG_ENGLISH, SUBLANG_DEFAULT), buffer, 256, nullptr);
  std::wstring_view text(buffer, length);
  while (!text.empty() && (text.back() <= L' ' || text.back() == L'.')) text.remove_suffix(1);
  return fromWide(text) + " (" + std::to_string(code) + ")";
}

}  // namespace mig
