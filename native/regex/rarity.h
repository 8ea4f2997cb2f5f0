// The rarity of characters in files: the search starts with the rarest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mig {

// Common to rare in texts and programs, roughly; all others are rarer still.
constexpr std::string_view kCommonCharacters = " etaoinsrlhdcu0mpfg1ybwv2k3.x_j-/q4=5z6\"8:7,9()";

inline size_t rarity(char c) { return std::min(kCommonCharacters.find(c), kCommonCharacters.size()); }

inline char toUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string toUpper(std::string text) {
  for (char& c : text) c = toUpper(c);
  return text;
}

}  // namespace mig
