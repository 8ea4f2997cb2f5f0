// Judges the data objects of one file, and finds the judgements that the items of an entry refer to.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "journal/byte_source.h"
#include "journal/file_facts.h"
#include "journal/file_header.h"
#include "journal/judge.h"
#include "journal/judgements.h"
#include "journal/payload.h"

namespace mig::journal {

struct Object {
  uint64_t offset = 0;
  ObjectType type = ObjectType::unused;
  uint8_t flags = 0;
  uint64_t sizeBytes = 0;
};

// What the judging of all files shares.
struct JudgeMemory {
  JudgeMemory(const Question& question, FileUnpacker& unpacker) : judge(question), payloads(unpacker, judge) {}

  Judge judge;
  PayloadUnpacker payloads;
  Judgements judgements;
};

class ObjectJudge {
 public:
  // Objects end at `end`. Unreadable ones are counted in `facts`.
  ObjectJudge(const FileHeader& header, uint64_t end, JudgeMemory& memory, FileFacts& facts);

  // False when there is no object.
  bool read(Window& window, uint64_t offset, Object& object) const;
  void judge(Window& window, const Object& data);
  // No object of this range was judged: that is done when an entry refers to one.
  void addUnjudged(uint64_t from, uint64_t to) { unjudged_.emplace_back(from, to); }
  // Those of the entry's items that are of interest. The entry's bytes are in the window `near`, which does not move;
  // `far` may.
  const std::vector<ClassId>& judgeItems(const Object& entry, const uint8_t* bytes, Window& near, Window& far);

 private:
  bool isUnjudged(uint64_t offset) const;
  ClassId judgeData(Window& window, const Object& data);
  ClassId judgeLate(uint64_t offset, Window& near, Window& far);

  const FileHeader& header_;
  const uint64_t end_;
  JudgeMemory& memory_;
  FileFacts& facts_;
  std::vector<std::pair<uint64_t, uint64_t>> unjudged_;  // ascending
  std::vector<ClassId> found_;
};

}  // namespace mig::journal
