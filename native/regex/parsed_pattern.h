// A parsed pattern that can be written again: by character or by byte, with the anchors of a text or of lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace re2 {
class Regexp;
}

namespace mig {

// Longer patterns are refused: compiling takes memory in proportion.
constexpr size_t kMaxPatternBytes = 4096;

// `characters` needs a text without stray bytes, or one of appendCharacters (text/utf8.h). `bytes` matches wherever
// `characters` does, in any text, and maybe elsewhere.
enum class Alphabet : uint8_t { characters, bytes };

// `ofLines`: every anchor is one of a line, before whose end a "\r" may stand, and behind whose beginning a byte order
// mark; for many lines at once. A word boundary would fail after the "\r", so a pattern with an end has none.
enum class Anchors : uint8_t { asWritten, ofLines };

// How RE2 is told characters beyond ASCII: as the bytes of its Latin-1, or as characters.
enum class Encoding : uint8_t { bytes, utf8 };

class ParsedPattern {
 public:
  // Null when the pattern is not valid, with the reason in `error`.
  static std::unique_ptr<ParsedPattern> parse(const std::string& pattern, bool ignoresCase, bool isMultiLine, std::string& error);
  ~ParsedPattern();

  // Whether a byte of its own, which belongs to no character, may be in a match. Otherwise the pattern means the same
  // on bytes and on characters.
  bool matchesStrayBytes() const { return matchesStrayBytes_; }
  // Whether the pattern as written may be compiled for bytes (RE2's Latin-1): only if no match has a stray byte.
  bool isAscii() const { return isAscii_; }
  bool hasTextAnchor() const { return hasTextAnchor_; }
  // The longest match, `limit` at most.
  size_t maxMatchBytes(size_t limit) const;

  std::string write(Alphabet alphabet, Anchors anchors, Encoding encoding) const;

 private:
  ParsedPattern(re2::Regexp* tree, bool isAscii, uint32_t firstNamed);

  re2::Regexp* const tree_;
  const bool isAscii_;
  // The rune in the tree for the escape `\x80`, others after it; 0 when the pattern has no such escapes. `\xff` stands
  // for U+00FF and for the byte.
  const uint32_t firstNamed_;
  bool matchesStrayBytes_ = false;
  bool hasTextAnchor_ = false;
};

}  // namespace mig
