// Windows: the profiles in the registry.
#include "platform/windows.h"

#include "fs/fs.h"
#include "fs/path_text.h"
#include "text/wide_win.h"

namespace mig::fs {

namespace {

constexpr const wchar_t* kProfiles = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";

// Replaces variables such as %SystemDrive%; empty when the profile has no folder.
std::wstring readFolder(HKEY profiles, const wchar_t* profile) {
  wchar_t folder[1024];
  DWORD bytes = sizeof folder;
  if (RegGetValueW(profiles, profile, L"ProfileImagePath", RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ, nullptr, folder, &bytes) != ERROR_SUCCESS) return L"";
  return folder;
}

}  // namespace

std::vector<std::string> listHomes() {
  std::vector<std::string> homes;
  HKEY profiles = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, kProfiles, 0, KEY_READ, &profiles) != ERROR_SUCCESS) return homes;
  wchar_t profile[256];
  for (DWORD index = 0;; index += 1) {
    DWORD length = 256;
    if (RegEnumKeyExW(profiles, index, profile, &length, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS) break;
    std::string home;
    if (parsePath(fromWide(readFolder(profiles, profile)), home)) homes.push_back(home);
  }
  RegCloseKey(profiles);
  return homes;
}

}  // namespace mig::fs
