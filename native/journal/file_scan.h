// Reads one journal file in the order of its objects: each value is judged once, then the entries that refer to it are
// counted. An object comes before the entries that refer to it.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "journal/byte_source.h"
#include "journal/counter.h"
#include "journal/file_header.h"
#include "journal/judge.h"
#include "journal/judgements.h"
#include "journal/linked_entries.h"
#include "journal/payload.h"
#include "journal/sequence.h"

namespace mig::journal {

struct Boot {
  Id id{};
  Span span;
};

enum class Damage : uint8_t { none, truncated, corrupted };

struct FileFacts {
  Damage damage = Damage::none;
  Span span;
  std::vector<Boot> boots;
  bool isBootsCut = false;
  uint64_t duplicates = 0;
  uint64_t unlinked = 0;
  uint64_t backwardSteps = 0;
  uint64_t unreadable = 0;
};

// What the scans of all files share.
struct Reading {
  explicit Reading(const Question& question, FileUnpacker& unpacker) : judge(question), counter(question, judge), payloads(unpacker, judge) {}

  Judge judge;
  Counter counter;
  PayloadUnpacker payloads;
  Judgements judgements;
  Sequences sequences;
};

class FileScan {
 public:
  FileScan(ByteSource& source, const FileHeader& header, Reading& reading);

  // `mayContinue` is asked now and then. Throws std::bad_alloc.
  FileFacts run(const std::function<bool()>& mayContinue);

 private:
  struct Object {
    uint64_t offset = 0;
    ObjectType type = ObjectType::unused;
    uint8_t flags = 0;
    uint64_t sizeBytes = 0;
  };

  bool readObject(uint64_t offset, Object& object);
  bool isAtEnd(uint64_t offset);
  uint64_t passDamage(uint64_t offset);
  bool wasPassed(uint64_t offset) const;
  ClassId judgeData(Window& window, const Object& object);
  ClassId judgeLate(uint64_t offset);
  void takeEntry(const Object& object);
  bool isLinked(uint64_t offset);
  bool noteEntry(const uint8_t* bytes);
  void noteBoot(const Id& id, uint64_t realtime);
  void judgeItems(const Object& object, const uint8_t* items, size_t count);

  const FileHeader& header_;
  Reading& reading_;
  Window window_;
  Window late_;
  LinkedEntries linked_;
  Sequence* sequence_;
  const uint64_t end_;
  FileFacts facts_;
  size_t boot_ = 0;
  uint64_t lastRealtime_ = 0;
  std::vector<std::pair<uint64_t, uint64_t>> passed_;  // ranges without known objects
  std::vector<ClassId> judgements_;                    // of the current entry
};

}  // namespace mig::journal
