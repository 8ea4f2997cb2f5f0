// Regular expressions in RE2 syntax (what Go and the original used): linear time whatever the pattern and the text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "regex/required_literals.h"

namespace re2 {
class RE2;
}

namespace mig {

// Longer ones are refused: compiling takes memory in proportion.
constexpr size_t kMaxPatternBytes = 4096;

// Whether the pattern speaks of characters beyond one byte: then it must be matched as UTF-8, else byte by byte.
bool needsUtf8(const std::string& pattern);

// Tests one short text: a file name, a mode string, a host's tag.
class Pattern {
 public:
  // Null when the pattern is not valid; `error` then says why.
  static std::unique_ptr<Pattern> compile(const std::string& pattern, bool caseInsensitive, std::string& error);
  ~Pattern();
  bool matches(std::string_view text) const;

 private:
  explicit Pattern(std::unique_ptr<re2::RE2> regex);
  std::unique_ptr<re2::RE2> regex_;
  // What every text that matches begins with; most names do not, and RE2 need not look at them.
  std::string prefix_;
};

// Tests the lines of a file. A line ends at "\n"; one "\r" before it does not belong to the line; each line is a text
// of its own for `^`, `$`, `\A` and `\z`.
//
// Bytes, not characters: a pattern of ASCII alone is matched byte by byte (`.` is any byte, `\xff` the byte 0xff). A
// pattern that holds other characters, `\p` or a rune above 0xff is matched as UTF-8; then, unlike in Go, `.` does not
// match a byte that is not valid UTF-8.
class LinePattern {
 public:
  static std::unique_ptr<LinePattern> compile(const std::string& pattern, std::string& error);
  ~LinePattern();

  // Whether `line`, without its end, matches.
  bool matchesLine(std::string_view line) const;

  // Offset in `text`, whole lines without the last line's end, of the first place from `from` on that may lie in a
  // matching line, or npos when there is none. It never misses one; the line must be confirmed with matchesLine.
  size_t findCandidate(std::string_view text, size_t from) const;

  // Whether there is a match in [from, to) of a piece of one line; the bytes around are only context for `^`, `$`, `\b`.
  bool matchesPiece(std::string_view piece, size_t from, size_t to) const;

  static constexpr size_t npos = std::string_view::npos;

 private:
  LinePattern(std::unique_ptr<re2::RE2> exact, std::unique_ptr<re2::RE2> candidate);
  std::unique_ptr<re2::RE2> exact_;
  // Finds matches in many lines at once.
  std::unique_ptr<re2::RE2> candidate_;
  // Faster still, where the pattern has any; else null.
  std::unique_ptr<RequiredLiterals> literals_;
};

}  // namespace mig
