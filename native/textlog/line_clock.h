// The times of the lines of one file in their order: the year that lines of RFC 3164 lack, and clocks that run backwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "textlog/stamp.h"

namespace mig::textlog {

// A stamp and the number of the year since the beginning of the file; -1 when the clock was set back over new year.
struct PlacedStamp {
  Stamp stamp;
  int32_t year = 0;
};

struct Backwards {
  PlacedStamp from;
  PlacedStamp to;
};

class LineClock {
 public:
  // Writers of one log may be late by so much.
  static constexpr int64_t kToleranceMs = 60000;
  static constexpr size_t kMostBackwards = 100;

  // Whole lines with their ends. The text must stay until the next call.
  void addLines(std::string_view text);
  // The time of a line of that text; that of the line before when it has none.
  PlacedStamp at(size_t lineStart) const;

  uint64_t lines() const { return lines_; }
  uint64_t undated() const { return undated_; }
  const PlacedStamp& first() const { return first_; }
  const PlacedStamp& last() const { return last_; }
  const std::vector<Backwards>& backwards() const { return backwards_; }
  uint64_t backwardsCount() const { return backwardsCount_; }
  // Years with a 29 February.
  const std::vector<int32_t>& leapYears() const { return leapYears_; }

 private:
  void addLine(size_t start, std::string_view line);
  void place(size_t start, const Stamp& stamp);
  void compare(const PlacedStamp& before, const PlacedStamp& now);
  PlacedStamp parseAt(size_t start) const;
  int32_t yearAt(size_t start) const;

  std::string_view text_;
  uint64_t lines_ = 0;
  uint64_t undated_ = 0;
  // Whether lines begin with their times, and from which line of the text on.
  bool hasLeadingStamps_ = false;
  bool hadLeadingStamps_ = false;
  size_t leadingStart_ = 0;
  int32_t year_ = 0;
  PlacedStamp first_;
  // The time of the last dated line: of the text before, or of this one, which is parsed when it is needed.
  PlacedStamp last_;
  PlacedStamp before_;
  size_t lastStart_ = 0;
  bool isLastHere_ = false;
  // The stamp of the last dated line as text.
  std::string known_;
  size_t knownDate_ = 0;
  struct YearChange {
    size_t start;
    int32_t year;
  };
  int32_t yearBefore_ = 0;
  std::vector<YearChange> changes_;
  // Dated lines with undated ones behind them.
  std::vector<size_t> continued_;
  std::vector<int32_t> leapYears_;
  std::vector<Backwards> backwards_;
  uint64_t backwardsCount_ = 0;
};

}  // namespace mig::textlog
