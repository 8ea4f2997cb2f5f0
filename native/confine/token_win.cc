#include "confine/token_win.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "platform/windows.h"
#include "process/limits.h"

namespace mig {

namespace {

bool addLastError(std::string& error, const char* what) {
  addLimitError(error, what, static_cast<int>(GetLastError()));
  return false;
}

struct CloseToken {
  void operator()(HANDLE token) const { CloseHandle(token); }
};
using Token = std::unique_ptr<void, CloseToken>;

Token openToken(DWORD access) {
  HANDLE token = nullptr;
  return Token(OpenProcessToken(GetCurrentProcess(), access, &token) ? token : nullptr);
}

// A buffer aligned for the token structure.
std::vector<std::max_align_t> readToken(HANDLE token, TOKEN_INFORMATION_CLASS what) {
  DWORD bytes = 0;
  GetTokenInformation(token, what, nullptr, 0, &bytes);
  std::vector<std::max_align_t> buffer(bytes / sizeof(std::max_align_t) + 1);
  if (bytes == 0 || !GetTokenInformation(token, what, buffer.data(), bytes, &bytes)) buffer.clear();
  return buffer;
}

bool isPrivilege(const LUID& found, const wchar_t* name) {
  LUID wanted{};
  return LookupPrivilegeValueW(nullptr, name, &wanted) && wanted.LowPart == found.LowPart && wanted.HighPart == found.HighPart;
}

bool isNeeded(const LUID& privilege, const ModuleNeeds& needs) {
  // Every user has this privilege: it opens a file by its path without access to the folders above it.
  if (isPrivilege(privilege, L"SeChangeNotifyPrivilege")) return true;
  if (needs.readsAllFiles && isPrivilege(privilege, L"SeBackupPrivilege")) return true;
  return needs.readsProcesses && isPrivilege(privilege, L"SeDebugPrivilege");
}

bool hasPrivilege(HANDLE token, const wchar_t* name) {
  std::vector<std::max_align_t> buffer = readToken(token, TokenPrivileges);
  if (buffer.empty()) return false;
  const auto* privileges = reinterpret_cast<const TOKEN_PRIVILEGES*>(buffer.data());
  return std::any_of(privileges->Privileges, privileges->Privileges + privileges->PrivilegeCount,
                     [name](const LUID_AND_ATTRIBUTES& found) { return isPrivilege(found.Luid, name); });
}

bool keepPrivilegesOf(HANDLE token, const ModuleNeeds& needs) {
  std::vector<std::max_align_t> buffer = readToken(token, TokenPrivileges);
  if (buffer.empty()) return false;
  auto* privileges = reinterpret_cast<TOKEN_PRIVILEGES*>(buffer.data());
  for (DWORD index = 0; index < privileges->PrivilegeCount; index += 1) {
    LUID_AND_ATTRIBUTES& privilege = privileges->Privileges[index];
    privilege.Attributes = isNeeded(privilege.Luid, needs) ? SE_PRIVILEGE_ENABLED : SE_PRIVILEGE_REMOVED;
  }
  // Succeeds even if only some were changed; the last error then says so.
  return AdjustTokenPrivileges(token, FALSE, privileges, 0, nullptr, nullptr) && GetLastError() == ERROR_SUCCESS;
}

bool setLowIntegrity(HANDLE token) {
  alignas(SID) BYTE sid[SECURITY_MAX_SID_SIZE];
  DWORD bytes = sizeof sid;
  if (!CreateWellKnownSid(WinLowLabelSid, nullptr, sid, &bytes)) return false;
  TOKEN_MANDATORY_LABEL label{{sid, SE_GROUP_INTEGRITY}};
  return SetTokenInformation(token, TokenIntegrityLevel, &label, sizeof label + bytes);
}

// Whether Windows enforces the label: a token can be exempt.
bool hasLowIntegrity(HANDLE token) {
  std::vector<std::max_align_t> policy = readToken(token, TokenMandatoryPolicy);
  std::vector<std::max_align_t> level = readToken(token, TokenIntegrityLevel);
  if (policy.empty() || level.empty()) return false;
  if ((reinterpret_cast<const TOKEN_MANDATORY_POLICY*>(policy.data())->Policy & TOKEN_MANDATORY_POLICY_NO_WRITE_UP) == 0) return false;
  const PSID sid = reinterpret_cast<const TOKEN_MANDATORY_LABEL*>(level.data())->Label.Sid;
  return *GetSidSubAuthority(sid, *GetSidSubAuthorityCount(sid) - 1u) <= SECURITY_MANDATORY_LOW_RID;
}

// A copy that is also restricted to a group without any access: only its privileges open anything.
Token makeTrialToken(const ModuleNeeds& needs) {
  constexpr DWORD access = TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_IMPERSONATE | TOKEN_ADJUST_DEFAULT | TOKEN_ADJUST_PRIVILEGES;
  const Token token = openToken(access);
  alignas(SID) BYTE nobody[SECURITY_MAX_SID_SIZE];
  DWORD bytes = sizeof nobody;
  HANDLE handle = nullptr;
  if (token == nullptr || !CreateWellKnownSid(WinNullSid, nullptr, nobody, &bytes)) return nullptr;
  SID_AND_ATTRIBUTES restriction{nobody, 0};
  if (!CreateRestrictedToken(token.get(), 0, 0, nullptr, 0, nullptr, 1, &restriction, &handle)) return nullptr;
  const Token restricted(handle);
  if (!DuplicateTokenEx(restricted.get(), access, nullptr, SecurityImpersonation, TokenImpersonation, &handle)) return nullptr;
  Token trial(handle);
  const bool isMade = keepPrivilegesOf(trial.get(), needs) && setLowIntegrity(trial.get()) && hasLowIntegrity(trial.get());
  return isMade ? std::move(trial) : nullptr;
}

bool opensOwnExecutable() {
  std::vector<wchar_t> path(32'768);
  if (GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())) == 0) return false;
  constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  const HANDLE file = CreateFileW(path.data(), FILE_READ_DATA, share, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (file == INVALID_HANDLE_VALUE) return false;
  CloseHandle(file);
  return true;
}

bool opensOwnMemory() {
  const HANDLE process = OpenProcess(PROCESS_VM_READ | PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
  if (process == nullptr) return false;
  CloseHandle(process);
  return true;
}

}  // namespace

bool readsAtLowIntegrity(const ModuleNeeds& needs) {
  const Token trial = makeTrialToken(needs);
  if (trial == nullptr) return false;
  // This privilege reads files of other owners. A user without it loses nothing.
  const bool usesBackup = needs.readsAllFiles && hasPrivilege(trial.get(), L"SeBackupPrivilege");
  if (!SetThreadToken(nullptr, trial.get())) return false;
  const bool reads = (!usesBackup || opensOwnExecutable()) && (!needs.readsProcesses || opensOwnMemory());
  // No thread may go on with an impersonation token.
  if (!RevertToSelf()) TerminateProcess(GetCurrentProcess(), 1);
  return reads;
}

bool lowerIntegrity(std::string& error) {
  const Token token = openToken(TOKEN_ADJUST_DEFAULT | TOKEN_QUERY);
  return (token != nullptr && setLowIntegrity(token.get())) || addLastError(error, "low integrity");
}

bool keepPrivileges(const ModuleNeeds& needs, std::string& error) {
  const Token token = openToken(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
  return (token != nullptr && keepPrivilegesOf(token.get(), needs)) || addLastError(error, "privileges");
}

}  // namespace mig
