// What was found out about the data objects of a file, by their offsets. Most have nothing that anybody asks for and
// are not in here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig::journal {

// A set of answers; 0 for none of any interest.
using ClassId = uint32_t;

class Judgements {
 public:
  Judgements() { clear(); }
  void clear();

  void set(uint64_t offset, ClassId judgement);
  // `found` is false for an object that was not set.
  ClassId find(uint64_t offset, bool& found) const;
  ClassId find(uint64_t offset) const {
    const uint64_t mixed = mix(offset);
    if ((marks_[mixed >> (64 - kMarkBits) >> 6] >> (mixed >> (64 - kMarkBits) & 63) & 1) == 0) return 0;
    bool found = false;
    return find(offset, found);
  }
  bool isEmpty() const { return count_ == 0; }

 private:
  // Objects are at multiples of 8, and files are smaller than 32 GiB: 32 bits are enough. Offset 0 is no object.
  struct Slot {
    uint32_t unit = 0;
    ClassId judgement = 0;
  };
  // The marks of most objects that are not in here are unset, which takes no look at the slots.
  static constexpr unsigned kMarkBits = 15;

  // The multiplier of Fibonacci hashing, which spreads all bits into the highest ones.
  static uint64_t mix(uint64_t offset) { return (offset >> 3) * 0x9E3779B97F4A7C15u; }
  size_t placeOf(uint64_t offset) const;
  void grow();

  std::vector<Slot> slots_;
  size_t count_ = 0;
  unsigned slotBits_ = 0;
  std::array<uint64_t, (1u << kMarkBits) / 64> marks_{};
};

}  // namespace mig::journal
