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

std::string_view lineAt(std::string_view text, size_t start) {
  const size_t end = std::min(text.find('\n', start), text.size());
  return text.substr(start, end - start);
}

constexpr size_t kClockBytes = 8;

// `hh:mm:ss`, as parseStamp takes it.
bool isClock(const char* text) {
  for (const size_t digit : {0, 1, 3, 4, 6, 7}) {
    if (text[digit] < '0' || text[digit] > '9') return false;
  }
  const bool isHour = text[0] < '2' || (text[0] == '2' && text[1] < '4');
  const bool isSecond = text[6] < '6' || (text[6] == '6' && text[7] == '0');
  return isHour && text[2] == ':' && text[3] < '6' && text[5] == ':' && isSecond;
}

}  // namespace

void LineClock::addLines(std::string_view text) {
  text_ = text;
  before_ = last_;
  yearBefore_ = year_;
  changes_.clear();
  continued_.clear();
  isLastHere_ = false;
  hadLeadingStamps_ = hasLeadingStamps_;
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
  const bool isLater = isSameDay && memcmp(line.data() + knownDate_, known_.data() + knownDate_, clock - knownDate_) >= 0;
  if (isLater && clock - knownDate_ == kClockBytes && isClock(line.data() + knownDate_)) {
    // Later on the same day, as nearly all lines are.
    memcpy(&known_[knownDate_], line.data() + knownDate_, clock - knownDate_);
    lastStart_ = start;
    isLastHere_ = true;
    return;
  }
  const Stamp stamp = parseStamp(line, !hasLeadingStamps_);
  if (stamp.kind == StampKind::none) {
    undated_ += 1;
    if (isLastHere_ && (continued_.empty() || continued_.back() != lastStart_)) continued_.push_back(lastStart_);
    return;
  }
  place(start, stamp);
  known_.assign(line.substr(0, stamp.clockEnd));
  knownDate_ = stamp.dateEnd;
  if (stamp.clockEnd == 0 || hasLeadingStamps_) return;
  hasLeadingStamps_ = true;
  leadingStart_ = start;
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
  const bool anywhere = !hasLeadingStamps_ || (!hadLeadingStamps_ && start < leadingStart_);
  return {parseStamp(lineAt(text_, start), anywhere), yearAt(start)};
}

PlacedStamp LineClock::at(size_t lineStart) const {
  if (first_.stamp.kind == StampKind::none) return {};
  const PlacedStamp own = parseAt(lineStart);
  if (own.stamp.kind != StampKind::none) return own;
  const auto behind = std::upper_bound(continued_.begin(), continued_.end(), lineStart);
  return behind == continued_.begin() ? before_ : parseAt(*std::prev(behind));
}

}  // namespace mig::textlog
