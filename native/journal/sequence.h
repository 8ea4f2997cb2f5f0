// The numbers of entries over all files with the same numbering: which are missing, and which were there before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "journal/format.h"

namespace mig::journal {

// Entries whose numbers follow each other in one file.
struct Run {
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t fromTime = 0;  // microseconds since 1970, as `toTime`
  uint64_t toTime = 0;
};

// Entries between two runs that no file has.
struct Gap {
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t beforeTime = 0;
  uint64_t afterTime = 0;
};

struct SequenceSummary {
  Id id{};
  uint64_t from = 0;
  uint64_t to = 0;
  std::vector<Gap> gaps;  // the first ones
  uint64_t gapCount = 0;
  uint64_t missing = 0;
  bool isUnknown = false;
};

// What all numberings together may still take of memory.
struct SequenceRoom {
  size_t runs = 200000;  // 8 MiB
  size_t pages = 4096;   // 32 MiB: 16 million entries
};

class Sequence {
 public:
  explicit Sequence(SequenceRoom& room) : room_(room) {}
  // Begins a file: its entries do not continue those of another one.
  void beginFile() { isNewRun_ = true; }
  // False for an entry that another file had. `mark` tells entries apart that got the same number.
  bool add(uint64_t number, uint64_t realtime, uint16_t mark);
  // The same for one of a file whose other entries are not looked at: then nothing is known about gaps.
  bool addAlone(uint64_t number, uint16_t mark);
  SequenceSummary summarize(const Id& id) const;

 private:
  static constexpr uint64_t kPageEntries = 4096;
  using Page = std::array<uint16_t, kPageEntries>;

  bool isNew(uint64_t number, uint16_t mark);
  Page* pageOf(uint64_t number);

  SequenceRoom& room_;
  std::vector<Run> runs_;
  bool isNewRun_ = true;
  bool isCut_ = false;
  std::unordered_map<uint64_t, std::unique_ptr<Page>> pages_;
  uint64_t lastPage_ = UINT64_MAX;
  Page* last_ = nullptr;
};

class Sequences {
 public:
  // Null when there are too many different ones.
  Sequence* of(const Id& id);
  std::vector<SequenceSummary> summarize() const;

 private:
  SequenceRoom room_;
  std::map<Id, Sequence> sequences_;
};

}  // namespace mig::journal
