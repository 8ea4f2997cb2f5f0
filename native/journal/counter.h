// Counts the entries that match the searches: how many, from when to when, and by which value.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "journal/judge.h"
#include "journal/span.h"

namespace mig::journal {

struct Tally {
  Span all;
  std::unordered_map<ValueNumber, Span> groups;
  uint64_t others = 0;
  uint64_t withoutValue = 0;
};

class Counter {
 public:
  Counter(const Question& question, const Judge& judge);

  // Whether an entry of that time can match.
  bool covers(uint64_t realtime) const { return since_ <= realtime && realtime <= until_; }
  // Whether any entry of a file with these first and last times can match.
  bool coversAny(uint64_t head, uint64_t tail) const;
  // Whether an entry can match that has nothing of interest.
  bool wantsAll() const { return !always_.empty(); }
  // `judgements`: of the entry's data objects, without those that are 0.
  void add(uint64_t realtime, const std::vector<ClassId>& judgements);
  const std::vector<Tally>& tallies() const { return tallies_; }

 private:
  void addTo(uint32_t search, uint64_t realtime);
  bool matches(const JournalSearch& search) const;
  void addValues(const JournalSearch& search, Tally& tally, uint64_t realtime);

  const Question& question_;
  const Judge& judge_;
  uint64_t since_ = UINT64_MAX;
  uint64_t until_ = 0;
  std::vector<uint32_t> always_;                // searches that need no test to pass
  std::vector<std::vector<uint32_t>> byTest_;   // the others, by one of the tests that they need
  std::vector<Tally> tallies_;
  // The current entry's answers: a test passes when its mark is the entry's.
  uint64_t entry_ = 0;
  std::vector<uint64_t> passed_;
  std::vector<uint32_t> passedTests_;
  std::vector<std::pair<uint32_t, ValueNumber>> values_;
};

}  // namespace mig::journal
