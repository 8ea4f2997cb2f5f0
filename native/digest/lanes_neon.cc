// 8 lanes with NEON, as two halves of 4: the steps of one do not wait for those of the other.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#if defined(__aarch64__)

#include <arm_neon.h>

// Every arm64 processor has NEON.
#define MIG_LANES_TARGET
#define MIG_LANES_INLINE __attribute__((always_inline)) inline

namespace mig {

namespace {

using Half = uint32_t __attribute__((vector_size(16)));
constexpr size_t kHalfLanes = 4;

// The 4 words behind `offset` of 4 lanes.
template <ByteOrder order>
MIG_LANES_INLINE void loadHalf(const uint8_t* const* data, size_t offset, Half (&words)[4]) {
  uint32x4_t rows[kHalfLanes];
#pragma GCC unroll 4
  for (size_t lane = 0; lane < kHalfLanes; lane += 1) {
    const uint8x16_t bytes = vld1q_u8(data[lane] + offset);
    rows[lane] = vreinterpretq_u32_u8(order == ByteOrder::big ? vrev32q_u8(bytes) : bytes);
  }
  const uint32x4_t evenLow = vtrn1q_u32(rows[0], rows[1]);
  const uint32x4_t oddLow = vtrn2q_u32(rows[0], rows[1]);
  const uint32x4_t evenHigh = vtrn1q_u32(rows[2], rows[3]);
  const uint32x4_t oddHigh = vtrn2q_u32(rows[2], rows[3]);
  const auto first = [](uint32x4_t a, uint32x4_t b) { return vreinterpretq_u32_u64(vtrn1q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(b))); };
  const auto second = [](uint32x4_t a, uint32x4_t b) { return vreinterpretq_u32_u64(vtrn2q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(b))); };
  words[0] = reinterpret_cast<Half>(first(evenLow, evenHigh));
  words[1] = reinterpret_cast<Half>(first(oddLow, oddHigh));
  words[2] = reinterpret_cast<Half>(second(evenLow, evenHigh));
  words[3] = reinterpret_cast<Half>(second(oddLow, oddHigh));
}

}  // namespace

}  // namespace mig

#include "digest/lanes_halves.h"

namespace mig {

namespace {

MIG_LANES_INLINE void keepOrder(Word& sum) { __asm__("" : "+w"(sum.low), "+w"(sum.high)); }

}  // namespace

}  // namespace mig

#include "digest/lanes_rounds.h"

namespace mig {

const Kernels kNeonKernels = {{hashMd5, kLanes}, {hashSha1, kLanes}, {hashSha256, kLanes}};

}  // namespace mig

#endif
