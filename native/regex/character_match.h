// Matches a pattern of characters (Alphabet::characters) on any bytes: a text with stray bytes is converted first.
#pragma once

#include <cstddef>
#include <string_view>

namespace re2 {
class RE2;
}

namespace mig {

bool matchesCharacters(const re2::RE2& regex, std::string_view text);

// Where a match in [from, to) begins; npos when there is none. The bytes around are context for `^`, `$` and `\b`. A
// character that `from` or `to` cuts is left out.
size_t findCharacters(const re2::RE2& regex, std::string_view text, size_t from, size_t to);

}  // namespace mig
