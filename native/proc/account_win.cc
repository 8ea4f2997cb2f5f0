#include "proc/account_win.h"

#include <map>

#include "fs/fs_win.h"
#include "text/wide_win.h"
#include "thread/thread.h"

namespace mig::proc {

namespace {

constexpr const wchar_t* kProfiles = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\";
// Accounts of a machine or a domain; all others are well known and need no lookup elsewhere.
constexpr const char* kPersonPrefix = "S-1-5-21-";

// The SID as text, [MS-DTYP] 2.4.2.1.
std::string toText(PSID sid) {
  uint64_t authority = 0;
  for (const BYTE byte : GetSidIdentifierAuthority(sid)->Value) authority = authority << 8 | byte;
  std::string text = "S-1-" + std::to_string(authority);
  for (DWORD index = 0; index < *GetSidSubAuthorityCount(sid); index += 1) text += "-" + std::to_string(*GetSidSubAuthority(sid, index));
  return text;
}

std::string readProfileName(const std::string& sid) {
  wchar_t folder[1024];
  DWORD bytes = sizeof folder;
  const std::wstring key = kProfiles + toWide(sid);
  if (RegGetValueW(HKEY_LOCAL_MACHINE, key.c_str(), L"ProfileImagePath", RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ, nullptr, folder, &bytes) != ERROR_SUCCESS) return "";
  const std::string path = fromWide(folder);
  return path.substr(path.rfind('\\') + 1);
}

std::string lookUpName(PSID sid) {
  wchar_t name[256];
  wchar_t domain[256];
  DWORD nameLength = 256;
  DWORD domainLength = 256;
  SID_NAME_USE use;
  if (!LookupAccountSidW(nullptr, sid, name, &nameLength, domain, &domainLength, &use)) return "";
  return (domainLength == 0 ? "" : fromWide(domain) + "\\") + fromWide(name);
}

// Each is looked up once: many processes have few users.
std::string nameOf(PSID sid, const std::string& text) {
  static Mutex mutex;
  static auto* known = new std::map<std::string, std::string>;
  Lock lock(mutex);
  const auto found = known->find(text);
  if (found != known->end()) return found->second;
  std::string name = text.rfind(kPersonPrefix, 0) == 0 ? readProfileName(text) : lookUpName(sid);
  if (name.empty()) name = text;
  known->emplace(text, name);
  return name;
}

}  // namespace

bool readAccount(const fs::Descriptor& process, Account& account) {
  HANDLE token = nullptr;
  if (!OpenProcessToken(fs::handleOf(process), TOKEN_QUERY, &token)) return false;
  alignas(TOKEN_USER) char buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
  DWORD bytes = 0;
  const bool isRead = GetTokenInformation(token, TokenUser, buffer, sizeof buffer, &bytes);
  CloseHandle(token);
  if (!isRead) return false;
  const PSID sid = reinterpret_cast<const TOKEN_USER*>(buffer)->User.Sid;
  account.sid = toText(sid);
  account.name = nameOf(sid, account.sid);
  return true;
}

}  // namespace mig::proc
