// One line pattern on one file: the answer for the lines seen so far.
#pragma once

#include <string_view>

#include "regex/pattern.h"

namespace mig {

class LineSearch {
 public:
  LineSearch() = default;
  // `everyLine`: true if there is a line and all lines match; else true if any line matches.
  LineSearch(const LinePattern* pattern, bool everyLine) : pattern_(pattern), everyLine_(everyLine) {}

  // One or more whole lines without the last line's end.
  void addLines(std::string_view lines);

  // A piece of a line that is too long for the buffer. `startsLine` and `endsLine` say whether its ends are the line's
  // ends; else the first or last byte is only context. Consecutive pieces overlap.
  void addPiece(std::string_view piece, bool startsLine, bool endsLine);

  bool isDecided() const { return decided_; }
  // The answer for the bytes seen so far; valid at any time.
  bool answer() const { return everyLine_ ? sawLine_ && !failed_ : found_; }

 private:
  void addEveryLine(std::string_view lines);
  void addAnyLine(std::string_view lines);

  const LinePattern* pattern_ = nullptr;
  bool everyLine_ = false;
  bool decided_ = false;
  bool found_ = false;
  bool failed_ = false;
  bool sawLine_ = false;
  bool pieceMatched_ = false;
};

}  // namespace mig
