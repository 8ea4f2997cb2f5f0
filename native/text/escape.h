// File names are bytes; results are text. This is the one spelling that loses nothing.
#pragma once

#include <string>
#include <string_view>

namespace mig {

// Valid UTF-8 stays as it is, a backslash becomes `\\` and every byte that is not part of valid UTF-8 becomes `\xHH`
// (two lower-case hex digits). Two different names never give the same text.
std::string escapeBytes(std::string_view bytes);

}  // namespace mig
