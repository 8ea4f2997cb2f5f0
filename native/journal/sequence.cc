#include "journal/sequence.h"

#include <algorithm>
#include <utility>

namespace mig::journal {

namespace {

constexpr size_t kMostGaps = 1000;
constexpr size_t kMostSequences = 1000;

}  // namespace

Sequence::Page* Sequence::pageOf(uint64_t number) {
  const uint64_t page = number / kPageEntries;
  if (page == lastPage_) return last_;
  auto found = pages_.find(page);
  if (found == pages_.end()) {
    if (room_.pages == 0) return nullptr;
    room_.pages -= 1;
    found = pages_.emplace(page, std::make_unique<Page>()).first;
  }
  lastPage_ = page;
  last_ = found->second.get();
  return last_;
}

bool Sequence::isNew(uint64_t number, uint16_t mark) {
  Page* page = pageOf(number);
  if (page == nullptr) return true;
  // 0 is none.
  const uint16_t own = mark == 0 ? 1 : mark;
  return std::exchange((*page)[number % kPageEntries], own) != own;
}

bool Sequence::addAlone(uint64_t number, uint16_t mark) {
  isCut_ = true;
  return isNew(number, mark);
}

bool Sequence::add(uint64_t number, uint64_t realtime, uint16_t mark) {
  if (!isNew(number, mark)) return false;
  if (!isNewRun_ && number == runs_.back().to + 1) {
    runs_.back().to = number;
    runs_.back().toTime = realtime;
  } else if (room_.runs > 0) {
    room_.runs -= 1;
    runs_.push_back({number, number, realtime, realtime});
    isNewRun_ = false;
  } else {
    isCut_ = true;
  }
  return true;
}

SequenceSummary Sequence::summarize(const Id& id) const {
  SequenceSummary summary;
  summary.id = id;
  summary.isUnknown = isCut_;
  std::vector<Run> runs = runs_;
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.from < b.from; });
  if (runs.empty()) return summary;
  summary.from = runs.front().from;
  Run end = runs.front();
  for (const Run& run : runs) {
    if (!isCut_ && run.from > end.to && run.from - end.to > 1) {
      summary.gapCount += 1;
      summary.missing += run.from - end.to - 1;
      if (summary.gaps.size() < kMostGaps) summary.gaps.push_back({end.to + 1, run.from - 1, end.toTime, run.fromTime});
    }
    if (run.to >= end.to) end = run;
  }
  summary.to = end.to;
  return summary;
}

Sequence* Sequences::of(const Id& id) {
  const auto found = sequences_.find(id);
  if (found != sequences_.end()) return &found->second;
  return sequences_.size() < kMostSequences ? &sequences_.emplace(id, room_).first->second : nullptr;
}

std::vector<SequenceSummary> Sequences::summarize() const {
  std::vector<SequenceSummary> summaries;
  for (const auto& [id, sequence] : sequences_) summaries.push_back(sequence.summarize(id));
  return summaries;
}

}  // namespace mig::journal
