#include "text/escape.h"

#include <cstdint>

namespace mig {

namespace {

bool isContinuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Length of the well-formed UTF-8 sequence at the start of `bytes` (Unicode 15, table 3-7); 0 when there is none.
size_t sequenceLength(std::string_view bytes) {
  auto at = [&](size_t index) { return static_cast<unsigned char>(bytes[index]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (bytes.size() < length) return 0;
  const unsigned char second = at(1);
  const unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (size_t index = 2; index < length; index += 1) {
    if (!isContinuation(at(index))) return 0;
  }
  return length;
}

}  // namespace

std::string escapeBytes(std::string_view bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size());
  for (size_t index = 0; index < bytes.size();) {
    const size_t length = sequenceLength(bytes.substr(index));
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(bytes[index]);
      text += "\\x";
      text += digits[byte >> 4];
      text += digits[byte & 15];
      index += 1;
    } else {
      if (bytes[index] == '\\') text += '\\';
      text.append(bytes, index, length);
      index += length;
    }
  }
  return text;
}

}  // namespace mig
