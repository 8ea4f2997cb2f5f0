// One line pattern on one file: the answer for the lines seen so far.
#pragma once

#include <string_view>

#include "regex/pattern.h"

namespace mig {

class LineSearch {
 public:
  // Pieces of a line overlap by so much. A longer match may be in none of them.
  static constexpr size_t kOverlapBytes = 64 * 1024;

  enum class Lines : uint8_t { all, withoutNul };

  // `everyLine`: true if there is a line and all lines match; else true if any line matches.
  LineSearch(const LinePattern* pattern, bool everyLine, Lines lines) : pattern_(pattern), everyLine_(everyLine), lines_(lines) {}

  // One or more whole lines without the last line's end.
  void addLines(std::string_view lines);

  // A piece of a line that is too long for the buffer. `startsLine` and `endsLine` say whether its ends are the line's
  // ends; else the first or last byte is only context. Consecutive pieces overlap.
  void addPiece(std::string_view piece, bool startsLine, bool endsLine);

  // The beginning of a line, or a piece of it that overlaps with the one before; the rest is not known.
  void addBeginning(std::string_view piece, bool startsLine);

  bool isDecided() const { return decided_; }
  bool isFound() const { return found_; }
  // Whether a line was too long: the answer may be another one.
  bool isUnknown() const { return isUnknown_ && !decided_; }
  // The answer for the bytes seen so far; valid at any time.
  bool answer() const { return everyLine_ ? sawLine_ && !failed_ : found_; }

 private:
  void addEveryLine(std::string_view lines);
  void addAnyLine(std::string_view lines);

  bool isSearched(std::string_view line) const { return lines_ == Lines::all || line.find('\0') == std::string_view::npos; }

  const LinePattern* pattern_;
  bool everyLine_;
  Lines lines_;
  bool decided_ = false;
  bool found_ = false;
  bool failed_ = false;
  bool sawLine_ = false;
  bool pieceMatched_ = false;
  bool isUnknown_ = false;
};

}  // namespace mig
