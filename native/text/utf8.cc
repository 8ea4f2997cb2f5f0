#include "text/utf8.h"

#include <algorithm>
#include <cstring>

namespace mig {

namespace {

// A stray byte's code point takes three bytes.
constexpr size_t kStrayCharacterBytes = 3;

uint8_t byteAt(std::string_view text, size_t at) { return static_cast<uint8_t>(text[at]); }

bool isContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// The bytes from `at` on that are ASCII, in steps of eight.
size_t skipAscii(std::string_view text, size_t at) {
  constexpr uint64_t highBits = 0x8080808080808080ull;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t eight;
    memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & highBits) != 0) return at;
  }
  return at;
}

}  // namespace

// Table 3-7 of the Unicode Standard: no overlong forms, no surrogates, nothing above U+10FFFF.
size_t characterBytesAt(std::string_view text, size_t at) {
  const uint8_t first = byteAt(text, at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size_t bytes = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() - at < bytes) return 0;
  const uint8_t second = byteAt(text, at + 1);
  const uint8_t lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const uint8_t highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (size_t index = 2; index < bytes; index += 1) {
    if (!isContinuation(byteAt(text, at + index))) return 0;
  }
  return bytes;
}

bool isUtf8(std::string_view text) {
  for (size_t at = skipAscii(text, 0); at < text.size();) {
    const size_t bytes = characterBytesAt(text, at);
    if (bytes == 0) return false;
    at += bytes;
    if (bytes == 1) at = skipAscii(text, at);
  }
  return true;
}

size_t characterStart(std::string_view text, size_t at) {
  if (at >= text.size() || !isContinuation(byteAt(text, at))) return at;
  for (size_t back = 1; back <= std::min<size_t>(at, 3); back += 1) {
    if (isContinuation(byteAt(text, at - back))) continue;
    return characterBytesAt(text, at - back) > back ? at - back : at;
  }
  return at;
}

void appendCodePoint(uint32_t code, std::string& out) {
  const auto add = [&](uint32_t byte) { out += static_cast<char>(byte); };
  const auto continuation = [&](unsigned shift) { add(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xc0 | code >> 6);
    return continuation(0);
  }
  if (code < 0x10000) {
    add(0xe0 | code >> 12);
  } else {
    add(0xf0 | code >> 18);
    continuation(12);
  }
  continuation(6);
  continuation(0);
}

void appendCharacters(std::string_view text, std::string& out) {
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    size_t bytes = 1;
    while (at < text.size() && (bytes = characterBytesAt(text, at)) > 0) at += bytes;
    out.append(text, start, at - start);
    if (at == text.size()) return;
    appendCodePoint(kStrayByteBase + byteAt(text, at), out);
    at += 1;
  }
}

size_t placeOfCharacters(std::string_view text, size_t charactersBytes) {
  size_t at = 0;
  for (size_t passed = 0; passed < charactersBytes && at < text.size();) {
    const size_t bytes = characterBytesAt(text, at);
    passed += bytes == 0 ? kStrayCharacterBytes : bytes;
    at += std::max<size_t>(bytes, 1);
  }
  return at;
}

}  // namespace mig
