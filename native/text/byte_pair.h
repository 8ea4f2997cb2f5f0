// Finds places with two bytes at a fixed distance. It rules out nearly all of a large buffer before a byte string or
// word is compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig {

// One byte of the text to find.
struct PairByte {
  size_t offset = 0;  // from the start of the text
  uint8_t value = 0;
  uint8_t ignoredBits = 0;  // set in `value`; 0x20 for a letter in either case
};

class BytePair {
 public:
  BytePair() = default;
  BytePair(PairByte first, PairByte second) : first_(first), second_(second) {}
  // Chooses the two bytes of the text that are rarest in files and memory, among those in `known`; at least one is
  // known.
  static BytePair ofRarest(const std::vector<uint8_t>& bytes, const std::vector<bool>& known);

  // The first place in [from, to) where both bytes match as at the start of the text; `to` when there is none. The
  // memory after every place there must have the whole length of the text.
  const uint8_t* find(const uint8_t* from, const uint8_t* to) const;

 private:
  PairByte first_;
  PairByte second_;
};

}  // namespace mig
