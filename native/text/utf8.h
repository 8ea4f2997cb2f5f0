// Text as characters: valid UTF-8 by character, anything else by byte. A byte that belongs to no character becomes a
// code point of its own, so that a regular expression on characters sees it as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mig {

// The byte 0x80 to 0xff without a character becomes U+DC80 to U+DCFF, which valid UTF-8 cannot contain.
constexpr uint32_t kStrayByteBase = 0xdc00;

// The length of the character that begins at `at`; 0 when none does.
size_t characterBytesAt(std::string_view text, size_t at);
bool isUtf8(std::string_view text);
// The start of the character that contains the byte at `at`, or `at`.
size_t characterStart(std::string_view text, size_t at);

void appendCodePoint(uint32_t code, std::string& out);
// Appends the characters of `text`, with stray bytes as code points.
void appendCharacters(std::string_view text, std::string& out);
// The place in `text` whose characters take `charactersBytes` in that form.
size_t placeOfCharacters(std::string_view text, size_t charactersBytes);

}  // namespace mig
