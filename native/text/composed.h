// Normalization form C of Unicode: a letter with its marks is one character where there is one. macOS and some programs
// write names with the marks apart (form D), which look the same.
#pragma once

#include <string>
#include <string_view>

namespace mig {

// Bytes that are not UTF-8 stay as they are.
std::string toComposed(std::string_view text);

}  // namespace mig
