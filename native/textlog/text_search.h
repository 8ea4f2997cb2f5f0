// One search on the lines of a file: how many fit, first and last, and by which value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "regex/pattern.h"
#include "textlog/capture.h"
#include "textlog/line_clock.h"

namespace mig::textlog {

struct LineSpan {
  uint64_t count = 0;
  int64_t firstMs = 0;
  int64_t lastMs = 0;
  void add(int64_t ms);
};

// An asked time, by UTC and by the clock of the host.
struct Bound {
  bool isSet = false;
  int64_t ms = 0;
  int64_t localMs = 0;
  int64_t inLeapYearMs = 0;
};

enum class CountBy : uint8_t { nothing, capture, identifier, priority };

struct SearchPlan {
  std::vector<std::unique_ptr<LinePattern>> wanted;
  std::vector<std::unique_ptr<LinePattern>> unwanted;
  std::vector<std::string> identifiers;  // any of them; empty for all
  int mostPriority = -1;                 // -1 for all
  Bound since;
  Bound until;
  CountBy by = CountBy::nothing;
  std::unique_ptr<Capture> capture;
};

// Lines whose times are of one kind, and without a year also of one year and one side of the asked times.
struct Bucket {
  StampKind kind = StampKind::none;
  int32_t year = 0;
  bool isSince = true;
  bool isUntil = true;
  LineSpan all;
  std::unordered_map<std::string, LineSpan> values;
  LineSpan beyond;  // of values beyond the limit
};

class TextSearch {
 public:
  static constexpr size_t kMaxValueBytes = 256;

  TextSearch(const SearchPlan& plan, size_t mostValues) : plan_(plan), leftValues_(mostValues) {}

  // The text that the clock has.
  void addLines(std::string_view text, const LineClock& clock);

  const std::vector<Bucket>& buckets() const { return buckets_; }
  // Lines without a time, where one was asked for.
  uint64_t undated() const { return undated_; }
  // Lines without a priority, where one was asked for.
  uint64_t unranked() const { return unranked_; }

 private:
  void take(std::string_view line, size_t start, const LineClock& clock);
  bool fits(std::string_view line) const;
  Bucket& bucketFor(const PlacedStamp& placed);
  void takeValue(Bucket& bucket, std::string_view value, int64_t ms);

  const SearchPlan& plan_;
  size_t leftValues_;
  std::vector<Bucket> buckets_;
  uint64_t undated_ = 0;
  uint64_t unranked_ = 0;
};

}  // namespace mig::textlog
