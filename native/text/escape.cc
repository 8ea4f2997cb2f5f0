#include "text/escape.h"

#include "text/utf8.h"

namespace mig {

std::string escapeBytes(std::string_view bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size());
  for (size_t index = 0; index < bytes.size();) {
    const size_t length = characterBytesAt(bytes, index);
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
