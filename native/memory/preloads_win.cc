// Windows: libraries that user32.dll or the process creation functions load into every process.
#include <cerrno>

#include "memory/signs.h"
#include "platform/windows.h"
#include "text/wide_win.h"

namespace mig {

namespace {

constexpr const wchar_t* kWindowsKey = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Windows";
constexpr const wchar_t* kSessionKey = L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\AppCertDlls";
constexpr DWORD kMaxCharacters = 32 << 10;

std::string readText(const wchar_t* key, const wchar_t* name) {
  std::wstring text(kMaxCharacters, L'\0');
  DWORD bytes = kMaxCharacters * sizeof(wchar_t);
  if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ, nullptr, text.data(), &bytes) != ERROR_SUCCESS) return "";
  return fromWide(text.c_str());
}

bool isSet(const wchar_t* key, const wchar_t* name) {
  DWORD value = 0;
  DWORD bytes = sizeof value;
  return RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD, nullptr, &value, &bytes) == ERROR_SUCCESS && value != 0;
}

void addCertifiers(std::vector<std::string>& files) {
  HKEY key = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, kSessionKey, 0, KEY_READ, &key) != ERROR_SUCCESS) return;
  wchar_t name[1024];
  for (DWORD index = 0;; index += 1) {
    DWORD length = 1024;
    if (RegEnumValueW(key, index, name, &length, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS) break;
    const std::string file = readText(kSessionKey, name);
    if (!file.empty()) files.push_back(file);
  }
  RegCloseKey(key);
}

}  // namespace

int readPreloads(Target&, Preloads& preloads) {
  const std::string initial = isSet(kWindowsKey, L"LoadAppInit_DLLs") ? readText(kWindowsKey, L"AppInit_DLLs") : "";
  if (!initial.empty()) preloads.files.push_back(initial);
  addCertifiers(preloads.files);
  preloads.source = "AppInit_DLLs and AppCertDlls";
  // One list for all processes.
  preloads.fileIdentity = "registry";
  return 0;
}

}  // namespace mig
