#include "fs/system_path_win.h"

#include <algorithm>

#include "text/wide_win.h"

namespace mig::fs {

namespace {

constexpr std::string_view kShares = "/UNC/";

}  // namespace

std::wstring toSystemPath(std::string_view path) {
  std::wstring system = L"\\\\?\\" + toWide(path.substr(1));
  std::replace(system.begin() + 4, system.end(), L'/', L'\\');
  // A drive without a final backslash is the volume, not its root directory.
  if (system.back() == L':') system += L'\\';
  return system;
}

std::string toPlainPath(std::string_view path) {
  const bool isShare = path.substr(0, kShares.size()) == kShares;
  std::string plain = isShare ? "//" : "";
  plain += path.substr(isShare ? kShares.size() : std::min<size_t>(path.size(), 1));
  std::replace(plain.begin(), plain.end(), '/', '\\');
  if (!plain.empty() && plain.back() == ':') plain += '\\';
  return plain;
}

bool fromSystemPath(std::wstring_view system, std::string& path) {
  if (system.size() < 6 || system[0] != L'\\' || system[2] != L'?' || system[3] != L'\\') return false;
  system.remove_prefix(4);
  if (system[1] != L':' && system.substr(0, 4) != L"UNC\\") return false;
  path = "/" + fromWide(system);
  std::replace(path.begin(), path.end(), '\\', '/');
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return true;
}

}  // namespace mig::fs
