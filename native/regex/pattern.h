// Regular expressions in RE2 syntax, as in Go and the original: linear time for every pattern and text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "regex/required_literals.h"

namespace re2 {
class RE2;
}

namespace mig {

// Longer patterns are refused: compiling takes memory in proportion.
constexpr size_t kMaxPatternBytes = 4096;

// Whether the pattern has characters beyond one byte: then it is matched as UTF-8, else byte by byte.
bool needsUtf8(const std::string& pattern);

// Tests one short text: a file name, a mode string, an agent's tag.
class Pattern {
 public:
  // Null when the pattern is not valid, with the reason in `error`.
  static std::unique_ptr<Pattern> compile(const std::string& pattern, bool caseInsensitive, std::string& error);
  ~Pattern();
  bool matches(std::string_view text) const;

 private:
  explicit Pattern(std::unique_ptr<re2::RE2> regex);
  std::unique_ptr<re2::RE2> regex_;
  // A prefix of every matching text: it rules out most names without RE2.
  std::string prefix_;
};

// Tests the lines of a file. A line ends at "\n"; one "\r" before it does not belong to the line. For `^`, `$`, `\A`
// and `\z` each line is a text of its own. An ASCII pattern is matched byte by byte (`.` is any byte, `\xff` the byte
// 0xff). A pattern with other characters, `\p` or a rune above 0xff is matched as UTF-8; unlike in Go, `.` then does
// not match an invalid byte.
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

  static constexpr size_t npos = std::string_view::npos;

 private:
  LinePattern(std::unique_ptr<re2::RE2> exact, std::unique_ptr<re2::RE2> candidate);
  std::unique_ptr<re2::RE2> exact_;
  // Finds candidates in many lines at once.
  std::unique_ptr<re2::RE2> candidate_;
  // A faster filter; null when the pattern requires no literals.
  std::unique_ptr<RequiredLiterals> literals_;
};

}  // namespace mig
