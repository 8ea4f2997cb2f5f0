// From the engine's paths to those that Windows takes, and back; see path_text.h.
#pragma once

#include <string>
#include <string_view>

namespace mig::fs {

// `\\?\C:\Users`, which has no limit on its length and in which no name is changed.
std::wstring toSystemPath(std::string_view path);
// `C:\Users`, `\\host\share`.
std::string toPlainPath(std::string_view path);
// From `\\?\C:\Users` or `\??\C:\Users`; false for what has neither a drive letter nor a host.
bool fromSystemPath(std::wstring_view system, std::string& path);

}  // namespace mig::fs
