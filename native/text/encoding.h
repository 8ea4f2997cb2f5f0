// Encodings of text: what the first bytes say, and conversion to UTF-8 piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mig {

// `automatic`: what the first bytes say. `utf8` is also every text that none of the others is: its bytes stay.
enum class TextEncoding : uint8_t { automatic, utf8, latin1, windows1252, utf16le, utf16be, utf32le, utf32be };

// False for an unknown name.
bool parseTextEncoding(std::string_view name, TextEncoding& encoding);

struct TextStart {
  TextEncoding encoding = TextEncoding::utf8;
  size_t markBytes = 0;  // the byte order mark, which belongs to no line
};

// By a byte order mark. Without one, UTF-16 and UTF-32 are recognized if the beginning is text in it, and half of that
// ASCII or three quarters of the rest one script. With `encoding` given, only its own mark counts.
TextStart textStartOf(std::string_view head, TextEncoding encoding);

class TextDecoder {
 public:
  // The longest character in UTF-8, twice: an unpaired half comes before another character.
  static constexpr size_t kMaxStepBytes = 8;

  // Not `automatic` or `utf8`.
  void start(TextEncoding encoding);
  // Converts bytes from the front of `input` until it is used up or `out` may have no room for another character.
  // Returns the bytes written. What is no character becomes U+FFFD. `last`: the input is the end of the text.
  size_t decode(std::string_view& input, bool last, uint8_t* out, size_t capacity);

 private:
  bool takeUnit(std::string_view& input, bool last, uint32_t& unit);
  uint32_t toCodePoint(uint32_t unit);

  TextEncoding encoding_ = TextEncoding::latin1;
  // Bytes of a code unit that the input cut.
  uint8_t cut_[4] = {};
  size_t cutBytes_ = 0;
  uint32_t high_ = 0;  // the first half of a surrogate pair
};

}  // namespace mig
