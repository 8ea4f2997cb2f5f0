// Escapes file names, which are bytes, to text without loss.
#pragma once

#include <string>
#include <string_view>

namespace mig {

// Valid UTF-8 stays unchanged, a backslash becomes `\\`, and every other byte becomes `\xHH` (two lower-case hex
// digits). Two different names never give the same text.
std::string escapeBytes(std::string_view bytes);

}  // namespace mig
