// Paths as people write them on this system, and as the engine has them: absolute, names with "/" between, none of them
// "." or "..". On Windows that is what follows `\\?\`, with slashes and one more in front: "/C:/Users", "/UNC/host/share".
#pragma once

#include <string>
#include <string_view>

namespace mig::fs {

// What an absolute path looks like here, for messages.
extern const char* const kPathExample;

// False when the text is no absolute path of a file or directory.
bool parsePath(std::string_view text, std::string& path);
// The same for a pattern of glob.h, which may begin with "**"; what can be no path here stays as it is and matches nothing.
std::string parseGlob(std::string_view text);
// As it is shown; two different paths never give the same text. Elsewhere than on Windows see escapeBytes; there, where a
// backslash stands between names, half of a surrogate pair becomes `/uHHHH`, for no name has a slash.
std::string pathText(std::string_view path);
// The same for a name, or any other text of the system.
std::string systemText(std::string_view text);
// Names that are equal after this stand for the same file where the system ignores case.
std::string foldCase(std::string_view path);

}  // namespace mig::fs
