// Converts between the engine's paths and those of Windows; see path_text.h.
#pragma once

#include <string>
#include <string_view>

namespace mig::fs {

// `\\?\C:\Users`: no length limit, and no name is changed.
std::wstring toSystemPath(std::string_view path);
// `C:\Users`, `\\host\share`.
std::string toPlainPath(std::string_view path);
// From `\\?\C:\Users` or `\??\C:\Users`; false without a drive letter or a host.
bool fromSystemPath(std::wstring_view system, std::string& path);

}  // namespace mig::fs
