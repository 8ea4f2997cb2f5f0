// Reads one journal file in the order of its objects: each value is judged once, then the entries that refer to it are
// counted. Where few entries can match and the file's own index has them, only those are read.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "journal/byte_source.h"
#include "journal/counter.h"
#include "journal/file_facts.h"
#include "journal/file_header.h"
#include "journal/linked_entries.h"
#include "journal/object_judge.h"
#include "journal/sequence.h"

namespace mig::journal {

// What the scans of all files share.
struct Reading {
  Reading(const Question& question, FileUnpacker& unpacker) : memory(question, unpacker), counter(question, memory.judge) {}

  JudgeMemory memory;
  Counter counter;
  Sequences sequences;
};

// Asked now and then while a file is read.
using MayContinue = std::function<bool()>;

class FileScan {
 public:
  FileScan(ByteSource& source, const FileHeader& header, Reading& reading);

  // Throws std::bad_alloc, as the next one.
  FileFacts readAll(const MayContinue& mayContinue);
  // Reads only the entries at these offsets, which ascend.
  FileFacts readSome(const std::vector<uint64_t>& entries, const MayContinue& mayContinue);

 private:
  bool isAtEnd(uint64_t offset);
  uint64_t passDamage(uint64_t offset);
  bool isLinked(uint64_t offset);
  void takeEntry(const Object& object);
  bool isInOtherFile(const uint8_t* bytes, uint64_t realtime);

  const FileHeader& header_;
  Reading& reading_;
  const uint64_t end_;
  FileFacts facts_;
  ObjectJudge judge_;
  Window near_;  // around the current object
  Window far_;   // at a value that the current entry refers to
  LinkedEntries linked_;
  Sequence* sequence_;
};

}  // namespace mig::journal
