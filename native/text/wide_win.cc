#include "text/wide_win.h"

#include <cstdint>

namespace mig {

namespace {

constexpr uint32_t kReplacement = 0xfffd;

bool isHighSurrogate(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool isLowSurrogate(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

struct Decoded {
  uint32_t point;
  size_t bytes;
};

// The code point at the start; each invalid byte counts as one replacement character.
Decoded decode(std::string_view text) {
  const auto at = [&](size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = at(0);
  if (first < 0x80) return {first, 1};
  const size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return {kReplacement, 1};
  uint32_t point = first & (0x7fu >> length);
  for (size_t index = 1; index < length; index += 1) {
    if ((at(index) & 0xc0) != 0x80) return {kReplacement, 1};
    point = point << 6 | (at(index) & 0x3fu);
  }
  const uint32_t smallest = length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u;
  if (point < smallest || point > 0x10ffff) return {kReplacement, 1};
  return {point, length};
}

void append(std::string& text, uint32_t point) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

std::wstring toWide(std::string_view wtf8) {
  std::wstring wide;
  wide.reserve(wtf8.size());
  while (!wtf8.empty()) {
    const Decoded next = decode(wtf8);
    wtf8.remove_prefix(next.bytes);
    if (next.point < 0x10000) {
      wide += static_cast<wchar_t>(next.point);
    } else {
      wide += static_cast<wchar_t>(0xd800 + ((next.point - 0x10000) >> 10));
      wide += static_cast<wchar_t>(0xdc00 + ((next.point - 0x10000) & 0x3ff));
    }
  }
  return wide;
}

std::string fromWide(std::wstring_view wide) {
  std::string text;
  text.reserve(wide.size());
  for (size_t index = 0; index < wide.size(); index += 1) {
    const auto unit = static_cast<uint16_t>(wide[index]);
    if (isHighSurrogate(unit) && index + 1 < wide.size() && isLowSurrogate(static_cast<uint16_t>(wide[index + 1]))) {
      index += 1;
      append(text, 0x10000 + ((unit - 0xd800u) << 10) + (static_cast<uint16_t>(wide[index]) - 0xdc00u));
    } else {
      append(text, unit);
    }
  }
  return text;
}

}  // namespace mig
