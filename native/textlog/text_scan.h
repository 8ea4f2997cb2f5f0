// Reads the text of one log once, in pieces of any size, for all searches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "textlog/line_clock.h"
#include "textlog/text_search.h"

namespace mig::textlog {

struct TextPlan {
  std::vector<SearchPlan> searches;
  size_t mostValues = 65536;  // of one search in one file
};

class TextScan {
 public:
  // The rest of a longer line is not searched.
  static constexpr size_t kMaxLineBytes = 1024 * 1024;
  // A shorter run of zeros may be meant.
  static constexpr size_t kZeroRunBytes = 16;

  explicit TextScan(const TextPlan& plan);

  // False for what is no text, which is judged by the first piece.
  bool add(std::string_view piece);
  // The end of the file: a last line without an end counts.
  void finish();

  const LineClock& clock() const { return clock_; }
  const std::vector<TextSearch>& searches() const { return searches_; }
  // Lines that were too long to be searched whole.
  uint64_t longLines() const { return longLines_; }
  // Runs of zeros, as an overwritten part of a file has.
  uint64_t zeroRuns() const { return zeroRuns_; }

 private:
  void addLines(std::string_view lines);
  void keep(std::string_view rest);
  void countZeros(std::string_view piece);

  LineClock clock_;
  std::vector<TextSearch> searches_;
  std::string kept_;  // a line without its end
  bool isBegun_ = false;
  bool isCut_ = false;  // whether the kept line is longer than what is kept
  uint64_t longLines_ = 0;
  uint64_t zeroRuns_ = 0;
};

}  // namespace mig::textlog
