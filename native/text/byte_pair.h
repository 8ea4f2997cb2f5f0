// Finds places where two bytes stand at a fixed distance: what rules out nearly all of a large buffer before a byte
// string or a word is compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig {

// A byte of what is looked for.
struct PairByte {
  size_t offset = 0;  // from the start of what is looked for
  uint8_t value = 0;
  uint8_t ignoredBits = 0;  // set in `value`; 0x20 for a letter in either case
};

class BytePair {
 public:
  BytePair() = default;
  BytePair(PairByte first, PairByte second) : first_(first), second_(second) {}
  // Takes the two of `bytes` that are rarest in files and memory, of those that are `known`; at least one is.
  static BytePair ofRarest(const std::vector<uint8_t>& bytes, const std::vector<bool>& known);

  // The first place in [from, to) where both bytes stand as they do at the start of what is looked for; `to` when there is
  // none. Every place there must have the whole length of that in memory behind it.
  const uint8_t* find(const uint8_t* from, const uint8_t* to) const;

 private:
  PairByte first_;
  PairByte second_;
};

}  // namespace mig
