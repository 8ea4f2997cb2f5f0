// One line pattern on one file: what a stream of lines has answered so far.
#pragma once

#include <string_view>

#include "regex/pattern.h"

namespace mig {

class LineSearch {
 public:
  LineSearch() = default;
  // `everyLine`: the answer is yes only if there is a line and each one matches; else if any does.
  LineSearch(const LinePattern* pattern, bool everyLine) : pattern_(pattern), everyLine_(everyLine) {}

  // One or more whole lines without the last line's end.
  void addLines(std::string_view lines);

  // A piece of a line that is too long to be held. `startsLine` and `endsLine` say whether its ends are those of the
  // line; else the first or last byte is only context. Consecutive pieces overlap.
  void addPiece(std::string_view piece, bool startsLine, bool endsLine);

  bool isDecided() const { return decided_; }
  // Valid at any time as the answer to what was seen so far.
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
