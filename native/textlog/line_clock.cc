#include "textlog/line_clock.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace mig::textlog {

namespace {

// Further back is a new year; further forward is a clock that was set back over new year.
constexpr int64_t kNewYearMs = 180 * kDayMs;
constexpr int64_t kBackOverNewYearMs = 330 * kDayMs;
// No log is older; a hostile one has a new year in each line.
constexpr int32_t kMostYears = 100;
// Lines without a time of their own that belong to one dated line.
constexpr int kMostContinuations = 64;

std::string_view lineAt(std::string_view text, size_t start) {
  const size_t end = std::min(text.find('\n', start), text.size());
  return text.substr(start, end - start);
}

}  // namespace

void LineClock::addLines(std::string_view text) {
  text_ = text;
  before_ = last_;
  yearBefore_ = year_;
  changes_.clear();
  isLastHere_ = false;
  for (size_t start = 0; start < text.size();) {
    const void* newline = memchr(text.data() + start, '\n', text.size() - start);
    const size_t end = newline == nullptr ? text.size() : static_cast<size_t>(static_cast<const char*>(newline) - text.data());
    addLine(start, text.substr(start, end - start));
    start = end + 1;
  }
  if (isLastHere_) last_ = parseAt(lastStart_);
}

void LineClock::addLine(size_t start, std::string_view line) {
  lines_ += 1;
  const size_t clock = known_.size();
  const bool isSameDay = clock > 0 && line.size() >= clock && memcmp(line.data(), known_.data(), knownDate_) == 0;
  if (isSameDay && memcmp(line.data() + knownDate_, known_.data() + knownDate_, clock - knownDate_) >= 0) {
    // Later on the same day, as nearly all lines are.
    memcpy(&known_[knownDate_], line.data() + knownDate_, clock - knownDate_);
    lastStart_ = start;
    isLastHere_ = true;
    return;
  }
  const Stamp stamp = parseStamp(line, !hasLeadingStamps_);
  if (stamp.kind == StampKind::none) {
    undated_ += 1;
    return;
  }
  place(start, stamp);
  known_.assign(line.substr(0, stamp.clockEnd));
  knownDate_ = stamp.dateEnd;
  if (stamp.clockEnd > 0) hasLeadingStamps_ = true;
}

void LineClock::place(size_t start, const Stamp& stamp) {
  const PlacedStamp before = isLastHere_ ? parseAt(lastStart_) : last_;
  if (stamp.kind == StampKind::yearless && before.stamp.kind == StampKind::yearless) {
    const int64_t forwardMs = stamp.ms - before.stamp.ms;
    if (forwardMs < -kNewYearMs) year_ = std::min(year_ + 1, kMostYears);
    if (forwardMs > kBackOverNewYearMs) year_ = std::max(year_ - 1, -kMostYears);
    if (year_ != before.year) changes_.push_back({start, year_});
  }
  const PlacedStamp now{stamp, year_};
  if (stamp.kind == StampKind::yearless && stamp.ms / kDayMs == kLeapDay && (leapYears_.empty() || leapYears_.back() != year_)) leapYears_.push_back(year_);
  if (first_.stamp.kind == StampKind::none) first_ = now;
  else compare(before, now);
  lastStart_ = start;
  isLastHere_ = true;
}

void LineClock::compare(const PlacedStamp& before, const PlacedStamp& now) {
  if (before.stamp.kind != now.stamp.kind) return;
  // Days of a year that has none more are enough to tell which is earlier.
  const int64_t yearsMs = (now.year - before.year) * 366 * kDayMs;
  if (now.stamp.ms + yearsMs >= before.stamp.ms - kToleranceMs) return;
  backwardsCount_ += 1;
  if (backwards_.size() < kMostBackwards) backwards_.push_back({before, now});
}

int32_t LineClock::yearAt(size_t start) const {
  const auto behind = std::upper_bound(changes_.begin(), changes_.end(), start, [](size_t at, const YearChange& change) { return at < change.start; });
  return behind == changes_.begin() ? yearBefore_ : std::prev(behind)->year;
}

PlacedStamp LineClock::parseAt(size_t start) const {
  return {parseStamp(lineAt(text_, start), !hasLeadingStamps_), yearAt(start)};
}

PlacedStamp LineClock::at(size_t lineStart) const {
  if (first_.stamp.kind == StampKind::none) return {};
  size_t start = lineStart;
  for (int step = 0; step < kMostContinuations; step += 1) {
    const PlacedStamp found = parseAt(start);
    if (found.stamp.kind != StampKind::none) return found;
    if (start < 2) return before_;
    const size_t newline = text_.rfind('\n', start - 2);
    start = newline == std::string_view::npos ? 0 : newline + 1;
  }
  return {};
}

}  // namespace mig::textlog
