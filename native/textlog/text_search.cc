#include "textlog/text_search.h"

#include <algorithm>

#include "textlog/line_head.h"

namespace mig::textlog {

void LineSpan::add(int64_t ms) {
  firstMs = count == 0 ? ms : std::min(firstMs, ms);
  lastMs = count == 0 ? ms : std::max(lastMs, ms);
  count += 1;
}

void TextSearch::addLines(std::string_view text, const LineClock& clock) {
  const LinePattern* first = plan_.wanted.empty() ? nullptr : plan_.wanted.front().get();
  // Lines end at a line end, the last one maybe at the end of the text.
  const std::string_view lines = !text.empty() && text.back() == '\n' ? text.substr(0, text.size() - 1) : text;
  for (size_t from = 0; from <= lines.size();) {
    size_t start = from;
    if (first != nullptr) {
      const size_t at = first->findCandidate(lines, from);
      if (at == LinePattern::npos) return;
      const size_t before = at == 0 ? std::string_view::npos : lines.rfind('\n', at - 1);
      start = before == std::string_view::npos ? 0 : before + 1;
    }
    const size_t end = std::min(lines.find('\n', start), lines.size());
    const std::string_view line = lines.substr(start, end - start);
    if (fits(line)) take(line, start, clock);
    from = end + 1;
  }
}

bool TextSearch::fits(std::string_view line) const {
  const auto matches = [line](const std::unique_ptr<LinePattern>& pattern) { return pattern->matchesLine(line); };
  return std::all_of(plan_.wanted.begin(), plan_.wanted.end(), matches) && std::none_of(plan_.unwanted.begin(), plan_.unwanted.end(), matches);
}

void TextSearch::take(std::string_view line, size_t start, const LineClock& clock) {
  const PlacedStamp placed = clock.at(start);
  const bool wantsHead = !plan_.identifiers.empty() || plan_.mostPriority >= 0 || plan_.by == CountBy::identifier || plan_.by == CountBy::priority;
  const LineHead head = wantsHead ? parseHead(line, placed.stamp) : LineHead{};
  if (!plan_.identifiers.empty() && std::find(plan_.identifiers.begin(), plan_.identifiers.end(), head.identifier) == plan_.identifiers.end()) return;
  if (plan_.mostPriority >= 0 && head.priority < 0) {
    unranked_ += 1;
    return;
  }
  if (plan_.mostPriority >= 0 && head.priority > plan_.mostPriority) return;
  const int64_t ms = placed.stamp.ms;
  if (plan_.since.isSet || plan_.until.isSet) {
    const bool isZoned = placed.stamp.kind == StampKind::zoned;
    const bool isDecided = isZoned || placed.stamp.kind == StampKind::local;
    if (placed.stamp.kind == StampKind::none) {
      undated_ += 1;
      return;
    }
    if (isDecided && plan_.since.isSet && ms < (isZoned ? plan_.since.ms : plan_.since.localMs)) return;
    if (isDecided && plan_.until.isSet && ms > (isZoned ? plan_.until.ms : plan_.until.localMs)) return;
  }
  Bucket& bucket = bucketFor(placed);
  bucket.all.add(ms);
  if (plan_.by == CountBy::capture) {
    std::string_view value;
    if (plan_.capture->find(line, value)) takeValue(bucket, value, ms);
  } else if (plan_.by == CountBy::identifier) {
    if (!head.identifier.empty()) takeValue(bucket, head.identifier, ms);
  } else if (plan_.by == CountBy::priority && head.priority >= 0) {
    takeValue(bucket, std::to_string(head.priority), ms);
  }
}

Bucket& TextSearch::bucketFor(const PlacedStamp& placed) {
  const bool isYearless = placed.stamp.kind == StampKind::yearless;
  const int32_t year = isYearless ? placed.year : 0;
  const bool isSince = !isYearless || !plan_.since.isSet || placed.stamp.ms >= plan_.since.inLeapYearMs;
  const bool isUntil = !isYearless || !plan_.until.isSet || placed.stamp.ms <= plan_.until.inLeapYearMs;
  for (Bucket& bucket : buckets_) {
    if (bucket.kind == placed.stamp.kind && bucket.year == year && bucket.isSince == isSince && bucket.isUntil == isUntil) return bucket;
  }
  Bucket& made = buckets_.emplace_back();
  made.kind = placed.stamp.kind;
  made.year = year;
  made.isSince = isSince;
  made.isUntil = isUntil;
  return made;
}

void TextSearch::takeValue(Bucket& bucket, std::string_view value, int64_t ms) {
  // A longer value is none of any kind that is told.
  const std::string key(value.substr(0, kMaxValueBytes + 1));
  const auto known = bucket.values.find(key);
  if (known != bucket.values.end()) {
    known->second.add(ms);
  } else if (leftValues_ == 0) {
    bucket.beyond.add(ms);
  } else {
    leftValues_ -= 1;
    bucket.values[key].add(ms);
  }
}

}  // namespace mig::textlog
