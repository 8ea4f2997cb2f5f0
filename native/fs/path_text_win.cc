#include "platform/windows.h"

#include "fs/path_text.h"
#include "fs/system_path_win.h"
#include "text/wide_win.h"

#include <algorithm>

namespace mig::fs {

namespace {

bool isLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool startsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

// The names of a path without "." and "..", which have no meaning after `\\?\`. A ":" would name a stream of a file.
bool appendNames(std::string_view rest, std::string& path) {
  const size_t root = path.size();
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      path.erase(std::max(root, std::min(path.rfind('/'), path.size())));
      continue;
    }
    if (name.find(':') != std::string_view::npos) return false;
    path += '/';
    path += name;
  }
  return true;
}

// "C:"; the remaining text goes to `rest`.
bool takeDrive(std::string_view& rest, std::string& path) {
  if (rest.size() < 2 || !isLetter(rest[0]) || rest[1] != ':' || (rest.size() > 2 && rest[2] != '/')) return false;
  path = {'/', static_cast<char>(rest[0] & ~0x20), ':'};
  rest.remove_prefix(2);
  return true;
}

// "host/share"; the remaining text goes to `rest`.
bool takeShare(std::string_view& rest, std::string& path) {
  const size_t host = rest.find('/');
  if (host == 0 || host == std::string_view::npos) return false;
  const size_t end = std::min(rest.find('/', host + 1), rest.size());
  if (end == host + 1) return false;
  path = "/UNC/" + std::string(rest.substr(0, end));
  rest.remove_prefix(end);
  return path.find(':') == std::string::npos;
}

}  // namespace

const char* const kPathExample = "C:\\Users";

bool parsePath(std::string_view text, std::string& path) {
  if (text.find('\0') != std::string_view::npos) return false;
  std::string slashed(text);
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  std::string_view rest = slashed;
  const bool isVerbatim = startsWith(rest, "//?/");
  if (isVerbatim) rest.remove_prefix(4);
  if (takeDrive(rest, path)) return appendNames(rest, path);
  const std::string_view prefix = isVerbatim ? "UNC/" : "//";
  if (!startsWith(rest, prefix)) return false;
  rest.remove_prefix(prefix.size());
  // `\\.\` names devices.
  if (startsWith(rest, "./") || startsWith(rest, "?/")) return false;
  return takeShare(rest, path) && appendNames(rest, path);
}

std::string parseGlob(std::string_view text) {
  std::string path;
  if (parsePath(text, path)) return path;
  path = text;
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

std::string systemText(std::string_view text) {
  static const char digits[] = "0123456789abcdef";
  std::string shown;
  shown.reserve(text.size());
  for (size_t index = 0; index < text.size(); index += 1) {
    const auto at = [&](size_t offset) { return static_cast<unsigned char>(text[index + offset]); };
    if (at(0) == 0xed && index + 2 < text.size() && at(1) >= 0xa0) {
      const unsigned unit = 0xd000u | (at(1) & 0x3fu) << 6 | (at(2) & 0x3fu);
      shown += "/u";
      for (int shift = 12; shift >= 0; shift -= 4) shown += digits[unit >> shift & 15];
      index += 2;
    } else {
      shown += text[index];
    }
  }
  return shown;
}

std::string pathText(std::string_view path) { return systemText(toPlainPath(path)); }

std::string foldCase(std::string_view path) {
  std::wstring wide = toWide(path);
  const auto units = static_cast<int>(wide.size());
  // The lower-case text has as many units as the upper-case one.
  LCMapStringEx(LOCALE_NAME_INVARIANT, LCMAP_LOWERCASE, wide.data(), units, wide.data(), units, nullptr, nullptr, 0);
  return fromWide(wide);
}

}  // namespace mig::fs
