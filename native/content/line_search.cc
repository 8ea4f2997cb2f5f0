#include "content/line_search.h"

#include <algorithm>
#include <string>

namespace mig {

void LineSearch::addLines(std::string_view lines) {
  if (decided_) return;
  if (everyLine_) {
    addEveryLine(lines);
  } else {
    addAnyLine(lines);
  }
}

void LineSearch::addEveryLine(std::string_view lines) {
  sawLine_ = true;
  for (size_t start = 0; start <= lines.size();) {
    const size_t end = std::min(lines.find('\n', start), lines.size());
    if (!pattern_->matchesLine(lines.substr(start, end - start))) {
      failed_ = decided_ = true;
      return;
    }
    start = end + 1;
  }
}

void LineSearch::addAnyLine(std::string_view lines) {
  for (size_t from = 0; from <= lines.size();) {
    const size_t at = pattern_->findCandidate(lines, from);
    if (at == LinePattern::npos) return;
    const size_t before = at == 0 ? std::string_view::npos : lines.rfind('\n', at - 1);
    const size_t start = before == std::string_view::npos ? 0 : before + 1;
    const size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string_view line = lines.substr(start, end - start);
    if (pattern_->matchesLine(line) && isSearched(line)) {
      found_ = decided_ = true;
      return;
    }
    from = end + 1;
  }
}

void LineSearch::addPiece(std::string_view piece, bool startsLine, bool endsLine) {
  if (decided_ || !isSearched(piece)) return;
  if (startsLine) pieceMatched_ = false;
  const size_t from = startsLine ? 0 : 1;
  const size_t to = piece.size() - (endsLine ? 0 : 1);
  if (!pieceMatched_) pieceMatched_ = pattern_->matchesPiece(piece, from, to);
  const bool mayBeMissed = endsLine && !pieceMatched_ && pattern_->maxMatchBytes() > kOverlapBytes;
  isUnknown_ = isUnknown_ || mayBeMissed;
  if (!everyLine_) {
    if (pieceMatched_) found_ = decided_ = true;
  } else if (endsLine) {
    sawLine_ = true;
    if (!pieceMatched_ && !mayBeMissed) failed_ = decided_ = true;
  }
}

void LineSearch::addBeginning(std::string_view piece, bool startsLine) {
  if (decided_ || everyLine_ || !isSearched(piece)) return;
  // Neither a letter nor another byte after it may be what a match needs; a line end after it only adds matches.
  const auto matchesBefore = [&](char next) {
    return pattern_->matchesPiece(std::string(piece) + next, startsLine ? 0 : 1, piece.size());
  };
  if (matchesBefore('a') && matchesBefore(' ')) found_ = decided_ = true;
}

}  // namespace mig
