// Confines this process by the needs in its arguments, then prints its remaining rights, one `name: outcome` a line.
// Job limits and integrity levels are not checked: wine does not enforce them.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "confine/confine.h"
#include "platform/windows.h"

namespace {

void tell(const char* name, const std::string& outcome) { printf("%s: %s\n", name, outcome.c_str()); }

std::string outcomeOf(bool isDone) { return isDone ? "done" : "refused"; }

bool opensOwnExecutable() {
  std::vector<wchar_t> path(32'768);
  GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  const HANDLE file = CreateFileW(path.data(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
  if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  return file != INVALID_HANDLE_VALUE;
}

std::string readPrivileges() {
  HANDLE token = nullptr;
  std::vector<DWORD> buffer(1024);
  DWORD bytes = 0;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return "unreadable";
  if (!GetTokenInformation(token, TokenPrivileges, buffer.data(), static_cast<DWORD>(buffer.size() * sizeof(DWORD)), &bytes)) return "unreadable";
  auto* privileges = reinterpret_cast<TOKEN_PRIVILEGES*>(buffer.data());
  std::string names;
  for (DWORD index = 0; index < privileges->PrivilegeCount; index += 1) {
    char name[128];
    DWORD length = sizeof name;
    if (!LookupPrivilegeNameA(nullptr, &privileges->Privileges[index].Luid, name, &length)) continue;
    names += (names.empty() ? "" : " ") + std::string(name);
    if ((privileges->Privileges[index].Attributes & SE_PRIVILEGE_ENABLED) == 0) names += "(off)";
  }
  return names;
}

bool isInJob() {
  BOOL isIn = FALSE;
  return IsProcessInJob(GetCurrentProcess(), nullptr, &isIn) && isIn;
}

}  // namespace

int main(int count, char** arguments) {
  mig::ModuleNeeds needs;
  for (int index = 1; index < count; index += 1) {
    if (strcmp(arguments[index], "files") == 0) needs.readsAllFiles = true;
    if (strcmp(arguments[index], "processes") == 0) needs.readsProcesses = true;
  }
  const mig::ConfinementSupport support = mig::readConfinementSupport();
  std::string error;
  tell("confined", mig::confine(needs, error) ? "done" : error);
  tell("offered", std::string(support.restrictedToken ? "token" : "nothing") + (support.lowIntegrity ? " low-integrity" : "") +
                      (support.lowIntegrityForProcesses ? " low-integrity-for-processes" : ""));
  tell("privileges", readPrivileges());
  tell("job", outcomeOf(isInJob()));
  tell("read", outcomeOf(opensOwnExecutable()));
  return 0;
}
