// 16 lanes with AVX2, as two halves of 8: the steps of one do not wait for those of the other.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

// See lanes_avx512.cc for the tuning.
#define MIG_LANES_TARGET __attribute__((target("avx2,tune=znver2")))

namespace mig {

namespace {

#define MIG_LANES_INLINE MIG_LANES_TARGET __attribute__((always_inline)) inline

using Half = uint32_t __attribute__((vector_size(32)));
constexpr size_t kHalfLanes = 8;

// Transposes 8 words of 8 lanes: pairs of lanes, then fours, then halves.
MIG_LANES_INLINE void transpose(const __m256i (&rows)[8], Half (&words)[8]) {
  __m256i pairs[8];
#pragma GCC unroll 16
  for (size_t row = 0; row < 8; row += 2) {
    pairs[row] = _mm256_unpacklo_epi32(rows[row], rows[row + 1]);
    pairs[row + 1] = _mm256_unpackhi_epi32(rows[row], rows[row + 1]);
  }
  // fours[k] and fours[4 + k] hold words k and 4 + k of the lanes 0-3 and 4-7.
  __m256i fours[8];
#pragma GCC unroll 16
  for (size_t row = 0; row < 8; row += 4) {
    fours[row] = _mm256_unpacklo_epi64(pairs[row], pairs[row + 2]);
    fours[row + 1] = _mm256_unpackhi_epi64(pairs[row], pairs[row + 2]);
    fours[row + 2] = _mm256_unpacklo_epi64(pairs[row + 1], pairs[row + 3]);
    fours[row + 3] = _mm256_unpackhi_epi64(pairs[row + 1], pairs[row + 3]);
  }
#pragma GCC unroll 16
  for (size_t word = 0; word < 4; word += 1) {
    words[word] = reinterpret_cast<Half>(_mm256_permute2x128_si256(fours[word], fours[4 + word], 0x20));
    words[4 + word] = reinterpret_cast<Half>(_mm256_permute2x128_si256(fours[word], fours[4 + word], 0x31));
  }
}

// The 8 words behind `offset` of 8 lanes.
template <ByteOrder order>
MIG_LANES_INLINE void loadHalf(const uint8_t* const* data, size_t offset, Half (&words)[8]) {
  const __m256i swap = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  __m256i rows[kHalfLanes];
#pragma GCC unroll 16
  for (size_t lane = 0; lane < kHalfLanes; lane += 1) {
    rows[lane] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data[lane] + offset));
    if (order == ByteOrder::big) rows[lane] = _mm256_shuffle_epi8(rows[lane], swap);
  }
  transpose(rows, words);
}

}  // namespace

}  // namespace mig

#include "digest/lanes_halves.h"

namespace mig {

namespace {

MIG_LANES_INLINE void keepOrder(Word& sum) { __asm__("" : "+x"(sum.low), "+x"(sum.high)); }

}  // namespace

}  // namespace mig

#include "digest/lanes_rounds.h"

namespace mig {

const Kernels kAvx2Kernels = {{hashMd5, kLanes}, {hashSha1, kLanes}, {hashSha256, kLanes}};

}  // namespace mig

#endif
