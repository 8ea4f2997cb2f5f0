#include "journal/counter.h"

#include <algorithm>

namespace mig::journal {

Counter::Counter(const Question& question, const Judge& judge)
    : question_(question), judge_(judge), byTest_(question.tests.size()), tallies_(question.searches.size()), passed_(question.tests.size()) {
  for (uint32_t index = 0; index < question.searches.size(); index += 1) {
    const JournalSearch& search = question.searches[index];
    since_ = std::min(since_, search.since);
    until_ = std::max(until_, search.until);
    const auto needed = std::find_if(search.tests.begin(), search.tests.end(), [](const SearchTest& test) { return !test.invert; });
    if (needed == search.tests.end()) always_.push_back(index);
    else byTest_[needed->test].push_back(index);
  }
}

bool Counter::coversAny(uint64_t head, uint64_t tail) const {
  const auto [from, to] = std::minmax(head, tail);
  return std::any_of(question_.searches.begin(), question_.searches.end(),
                     [from = from, to = to](const JournalSearch& search) { return search.since <= to && from <= search.until; });
}

void Counter::add(uint64_t realtime, const std::vector<ClassId>& judgements) {
  entry_ += 1;
  passedTests_.clear();
  values_.clear();
  for (const ClassId judgement : judgements) {
    const Answers& answers = judge_.answers(judgement);
    for (const uint32_t test : answers.tests) {
      if (passed_[test] != entry_) passedTests_.push_back(test);
      passed_[test] = entry_;
    }
    values_.insert(values_.end(), answers.values.begin(), answers.values.end());
  }
  for (const uint32_t test : passedTests_) {
    for (const uint32_t search : byTest_[test]) addTo(search, realtime);
  }
  for (const uint32_t search : always_) addTo(search, realtime);
}

void Counter::addTo(uint32_t index, uint64_t realtime) {
  const JournalSearch& search = question_.searches[index];
  if (!search.covers(realtime) || !matches(search)) return;
  Tally& tally = tallies_[index];
  tally.all.add(realtime);
  if (search.source != kNoSource) addValues(search, tally, realtime);
}

bool Counter::matches(const JournalSearch& search) const {
  return std::all_of(search.tests.begin(), search.tests.end(), [&](const SearchTest& test) { return (passed_[test.test] == entry_) != test.invert; });
}

void Counter::addValues(const JournalSearch& search, Tally& tally, uint64_t realtime) {
  bool hasValue = false;
  for (const auto& [source, number] : values_) {
    if (source != search.source) continue;
    hasValue = true;
    auto group = tally.groups.find(number);
    const bool isOther = number == kNoNumber || (group == tally.groups.end() && tally.groups.size() >= search.maximumValues);
    if (isOther) tally.others += 1;
    else if (group == tally.groups.end()) tally.groups[number].add(realtime);
    else group->second.add(realtime);
  }
  if (!hasValue) tally.withoutValue += 1;
}

}  // namespace mig::journal
