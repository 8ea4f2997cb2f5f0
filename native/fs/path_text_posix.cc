#include "fs/path_text.h"

#include "text/escape.h"

namespace mig::fs {

const char* const kPathExample = "/usr/bin";

bool parsePath(std::string_view text, std::string& path) {
  if (text.empty() || text[0] != '/' || text.find('\0') != std::string_view::npos) return false;
  path = text;
  return true;
}

std::string parseGlob(std::string_view text) { return std::string(text); }
std::string pathText(std::string_view path) { return escapeBytes(path); }
std::string systemText(std::string_view text) { return escapeBytes(text); }

// File systems of macOS ignore case by default, those of Linux do not.
std::string foldCase(std::string_view path) {
  std::string folded(path);
#if defined(__APPLE__)
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
#endif
  return folded;
}

}  // namespace mig::fs
