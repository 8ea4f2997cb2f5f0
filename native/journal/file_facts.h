// What is told of a journal file beside the answers.
#pragma once

#include <cstdint>
#include <vector>

#include "journal/format.h"
#include "journal/span.h"

namespace mig::journal {

struct Boot {
  Id id{};
  Span span;
};

enum class Damage : uint8_t { none, truncated, corrupted };

struct FileFacts {
  bool isInOrder = true;  // every entry was read; otherwise there are no spans, boots and steps
  Damage damage = Damage::none;
  Span span;
  std::vector<Boot> boots;
  bool isBootsCut = false;
  uint64_t duplicates = 0;
  uint64_t unlinked = 0;
  uint64_t backwardSteps = 0;
  uint64_t unreadable = 0;

  void noteEntry(uint64_t realtime, const Id& boot);

 private:
  void noteBoot(uint64_t realtime, const Id& boot);

  size_t boot_ = 0;
  uint64_t lastRealtime_ = 0;
};

}  // namespace mig::journal
