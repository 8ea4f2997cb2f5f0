// How rare a character is in files, to look first for what rules out most.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mig {

// From common to rare in texts and programs, roughly; what is not listed is rarer still.
constexpr std::string_view kCommonCharacters = " etaoinsrlhdcu0mpfg1ybwv2k3.x_j-/q4=5z6\"8:7,9()";

inline size_t rarity(char c) { return std::min(kCommonCharacters.find(c), kCommonCharacters.size()); }

inline char toUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string toUpper(std::string text) {
  for (char& c : text) c = toUpper(c);
  return text;
}

}  // namespace mig
