// Lanes as two halves, each a vector: the steps of one do not wait for those of the other. For AVX2 and NEON, which
// define MIG_LANES_INLINE, Half, kHalfLanes and loadHalf before they include this.
#pragma once

#include <cstddef>
#include <cstdint>

#include "digest/lanes_constants.h"

namespace mig {

namespace {

constexpr size_t kLanes = 2 * kHalfLanes;

struct Word {
  Half low;
  Half high;
};

MIG_LANES_INLINE Word operator+(const Word& a, const Word& b) { return {a.low + b.low, a.high + b.high}; }
MIG_LANES_INLINE Word operator+(const Word& a, uint32_t b) { return {a.low + b, a.high + b}; }
MIG_LANES_INLINE Word operator&(const Word& a, const Word& b) { return {a.low & b.low, a.high & b.high}; }
MIG_LANES_INLINE Word operator|(const Word& a, const Word& b) { return {a.low | b.low, a.high | b.high}; }
MIG_LANES_INLINE Word operator^(const Word& a, const Word& b) { return {a.low ^ b.low, a.high ^ b.high}; }
MIG_LANES_INLINE Word operator~(const Word& a) { return {~a.low, ~a.high}; }
MIG_LANES_INLINE Word operator<<(const Word& a, unsigned bits) { return {a.low << bits, a.high << bits}; }
MIG_LANES_INLINE Word operator>>(const Word& a, unsigned bits) { return {a.low >> bits, a.high >> bits}; }
MIG_LANES_INLINE Word& operator+=(Word& a, const Word& b) { return a = a + b; }

template <ByteOrder order>
MIG_LANES_INLINE void loadWords(const uint8_t* const* data, size_t offset, Word (&words)[16]) {
#pragma GCC unroll 16
  for (size_t at = 0; at < 16; at += kHalfLanes) {
    Half low[kHalfLanes];
    Half high[kHalfLanes];
    loadHalf<order>(data, offset + at * 4, low);
    loadHalf<order>(data + kHalfLanes, offset + at * 4, high);
#pragma GCC unroll 16
    for (size_t word = 0; word < kHalfLanes; word += 1) words[at + word] = {low[word], high[word]};
  }
}

}  // namespace

}  // namespace mig
