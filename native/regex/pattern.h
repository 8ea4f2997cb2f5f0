// Regular expressions in RE2 syntax, as in Go and the original: linear time for every pattern and text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "regex/parsed_pattern.h"
#include "regex/required_literals.h"

namespace re2 {
class RE2;
}

namespace mig {

// Tests one short text: a file name, a mode string, an agent's tag. By character and byte, as LinePattern does. Letters
// and their marks are the same in one character and apart, in the pattern and in the text.
class Pattern {
 public:
  // Null when the pattern is not valid, with the reason in `error`.
  static std::unique_ptr<Pattern> compile(const std::string& pattern, bool caseInsensitive, std::string& error);
  ~Pattern();
  bool matches(std::string_view text) const;

 private:
  Pattern(std::unique_ptr<re2::RE2> regex, bool matchesStrayBytes);
  bool matchesAsWritten(std::string_view text) const;
  std::unique_ptr<re2::RE2> regex_;
  // Then the regex is one of characters.
  const bool matchesStrayBytes_;
  // A prefix of every matching text: it rules out most names without RE2.
  std::string prefix_;
  // The pattern with composed letters; null when it is that already.
  std::unique_ptr<Pattern> composed_;
};

// Tests the lines of a file. A line ends at "\n"; one "\r" before it does not belong to the line. For `^`, `$`, `\A`
// and `\z` each line is a text of its own, with and without a byte order mark in front. Valid UTF-8 is matched by character, anything else by byte: `.` is either,
// `\xff` the byte 0xff and the character U+00FF.
class LinePattern {
 public:
  static std::unique_ptr<LinePattern> compile(const std::string& pattern, std::string& error);
  ~LinePattern();

  // Whether `line`, without its end, matches.
  bool matchesLine(std::string_view line) const;

  // Offset of the first candidate from `from` on that may be in a matching line; npos when there is none. `text` is
  // whole lines without the last line's end. It misses no matching line; matchesLine must confirm the line.
  size_t findCandidate(std::string_view text, size_t from) const;

  // Whether [from, to) of a piece of one line has a match; the bytes around are only context for `^`, `$`, `\b`.
  bool matchesPiece(std::string_view piece, size_t from, size_t to) const;

  // The longest possible match, at most 1 MiB.
  size_t maxMatchBytes() const { return maxMatchBytes_; }

  static constexpr size_t npos = std::string_view::npos;

 private:
  LinePattern() = default;
  bool matchesText(std::string_view line) const;
  std::unique_ptr<re2::RE2> exact_;
  // Finds candidates in many lines at once. By byte, if a match may have stray bytes.
  std::unique_ptr<re2::RE2> candidate_;
  // Only if a match may have stray bytes: decides on pieces of a line, as `exact_` does on whole ones, by character.
  std::unique_ptr<re2::RE2> pieces_;
  // A faster filter; null when the pattern requires no literals.
  std::unique_ptr<RequiredLiterals> literals_;
  size_t maxMatchBytes_ = 0;
};

}  // namespace mig
