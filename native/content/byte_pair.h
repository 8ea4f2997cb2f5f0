// Finds places where two bytes stand at a fixed distance: what rules out nearly all of a large buffer before a byte
// string is compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig {

class BytePair {
 public:
  BytePair() = default;
  // Chooses the two of `bytes` that are rarest in files and memory, of those that are `known`; at least one is.
  BytePair(const std::vector<uint8_t>& bytes, const std::vector<bool>& known);

  // The first place in [from, to) where both bytes stand as they do at the start of the byte string; `to` when there is
  // none. Every place there must have the whole byte string's length of memory behind it.
  const uint8_t* find(const uint8_t* from, const uint8_t* to) const;

 private:
  size_t firstOffset_ = 0;
  size_t secondOffset_ = 0;
  uint8_t first_ = 0;
  uint8_t second_ = 0;
};

}  // namespace mig
