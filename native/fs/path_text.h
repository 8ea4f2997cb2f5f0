// Converts between the system's paths and the engine's: absolute, "/" between names, no "." or "..". On Windows the
// engine's path is the part after `\\?\`, with slashes and one more in front: "/C:/Users", "/UNC/host/share".
#pragma once

#include <string>
#include <string_view>

namespace mig::fs {

// An example of an absolute path of this system, for messages.
extern const char* const kPathExample;

// False when the text is not an absolute path of a file or directory.
bool parsePath(std::string_view text, std::string& path);
// The same for a pattern of glob.h, which may begin with "**". A pattern that is no valid path stays unchanged and
// matches nothing.
std::string parseGlob(std::string_view text);
// The displayed form; two different paths never give the same text. On Windows, backslashes separate names, and half of
// a surrogate pair becomes `/uHHHH`, since no name has a slash. On other systems, see escapeBytes.
std::string pathText(std::string_view path);
// The same for a name or any other text of the system.
std::string systemText(std::string_view text);
// Names with the same result are the same file on systems that ignore case.
std::string foldCase(std::string_view path);

}  // namespace mig::fs
