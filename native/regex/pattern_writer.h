// Writes a parsed pattern as text for RE2: the same one by character, or a looser one by byte.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "regex/parsed_pattern.h"

namespace re2 {
class CharClass;
}

namespace mig {

// Whether this operator itself, without those below it, matches a byte that belongs to no character. `firstNamed`: the
// rune that stands for the byte 0x80 and for U+0080, others after it; 0 for none.
bool hasStrayBytes(re2::Regexp* regexp, uint32_t firstNamed);

// What matches a byte order mark, or nothing.
const char* optionalMark(Encoding encoding);

class PatternWriter {
 public:
  struct Reading {
    bool isAscii;         // ignoring case reaches ASCII letters only
    uint32_t firstNamed;  // as for hasStrayBytes
    Encoding encoding;    // of what is written
  };

  PatternWriter(Alphabet alphabet, Anchors anchors, Reading reading) : alphabet_(alphabet), anchors_(anchors), reading_(reading) {}

  std::string write(re2::Regexp* tree);

 private:
  using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;

  void add(re2::Regexp* regexp);
  void addSubs(re2::Regexp* regexp, const char* separator);
  void addRepeat(re2::Regexp* regexp, const std::string& suffix);
  void addRune(uint32_t rune, bool ignoresCase);
  void addString(re2::Regexp* regexp);
  size_t addNamedCharacter(re2::Regexp* regexp, int from);
  void addRanges(const Ranges& given);
  void addRangesByByte(const Ranges& ranges);
  void addClass(re2::Regexp* regexp);
  Ranges rangesOf(re2::CharClass& named) const;
  Ranges withNamedBytes(const Ranges& ranges) const;
  // The byte that a rune of the tree stands for; 0 for none.
  uint32_t namedByte(uint32_t rune) const;
  void addBeginOfLine();
  bool isOfLines() const { return anchors_ == Anchors::ofLines; }

  const Alphabet alphabet_;
  const Anchors anchors_;
  const Reading reading_;
  bool hasEnd_ = false;
  std::string out_;
};

}  // namespace mig
