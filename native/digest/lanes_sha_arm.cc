// SHA-1 and SHA-256 with arm64's SHA instructions: one stream for the last one, and four streams whose instructions
// alternate, since each waits for the one before in its own stream.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include <utility>

#if defined(__clang__)
#define MIG_SHA_TARGET __attribute__((target("sha2")))
#else
#define MIG_SHA_TARGET __attribute__((target("+crypto")))
#endif
#define MIG_SHA_INLINE MIG_SHA_TARGET __attribute__((always_inline)) inline

namespace mig {

namespace {

// Four words of one stream.
template <size_t streams>
uint32x4_t loadState(const uint32_t* state, size_t word, size_t stream) {
  uint32_t four[4];
  for (size_t index = 0; index < 4; index += 1) four[index] = state[(word + index) * streams + stream];
  return vld1q_u32(four);
}

template <size_t streams>
void storeState(uint32_t* state, size_t word, size_t stream, uint32x4_t values) {
  uint32_t four[4];
  vst1q_u32(four, values);
  for (size_t index = 0; index < 4; index += 1) state[(word + index) * streams + stream] = four[index];
}

struct Sha1State {
  uint32x4_t abcd;
  uint32_t e;
};

struct Sha256State {
  uint32x4_t abcd;
  uint32x4_t efgh;
};

// Four rounds: the next words of the schedule, then the rounds with them.
template <size_t group>
MIG_SHA_INLINE void nextGroup(Sha1State& state, uint32x4_t (&words)[4]) {
  uint32x4_t& word = words[group % 4];
  if constexpr (group >= 4) word = vsha1su1q_u32(vsha1su0q_u32(word, words[(group + 1) % 4], words[(group + 2) % 4]), words[(group + 3) % 4]);
  constexpr size_t round = group / 5;
  const uint32x4_t sum = vaddq_u32(word, vdupq_n_u32(kSha1Constants[round]));
  const uint32_t e = vsha1h_u32(vgetq_lane_u32(state.abcd, 0));
  if constexpr (round == 0) state.abcd = vsha1cq_u32(state.abcd, state.e, sum);
  if constexpr (round == 2) state.abcd = vsha1mq_u32(state.abcd, state.e, sum);
  if constexpr (round == 1 || round == 3) state.abcd = vsha1pq_u32(state.abcd, state.e, sum);
  state.e = e;
}

template <size_t group>
MIG_SHA_INLINE void nextGroup(Sha256State& state, uint32x4_t (&words)[4]) {
  uint32x4_t& word = words[group % 4];
  if constexpr (group >= 4) word = vsha256su1q_u32(vsha256su0q_u32(word, words[(group + 1) % 4]), words[(group + 2) % 4], words[(group + 3) % 4]);
  const uint32x4_t sum = vaddq_u32(word, vld1q_u32(kSha256Constants + group * 4));
  const uint32x4_t abcd = state.abcd;
  state.abcd = vsha256hq_u32(abcd, state.efgh, sum);
  state.efgh = vsha256h2q_u32(state.efgh, abcd, sum);
}

MIG_SHA_INLINE void add(Sha1State& sum, const Sha1State& s) { sum = {vaddq_u32(sum.abcd, s.abcd), sum.e + s.e}; }
MIG_SHA_INLINE void add(Sha256State& sum, const Sha256State& s) { sum = {vaddq_u32(sum.abcd, s.abcd), vaddq_u32(sum.efgh, s.efgh)}; }

template <size_t group, typename State, size_t streams>
MIG_SHA_INLINE void nextGroupOfEach(State (&states)[streams], uint32x4_t (&words)[streams][4]) {
#pragma GCC unroll 4
  for (size_t stream = 0; stream < streams; stream += 1) nextGroup<group>(states[stream], words[stream]);
}

// One block of every stream.
template <typename State, size_t streams, size_t... group>
MIG_SHA_INLINE void hashBlock(State (&sums)[streams], const uint8_t* const* data, size_t offset, std::index_sequence<group...>) {
  uint32x4_t words[streams][4];
  State states[streams];
#pragma GCC unroll 4
  for (size_t stream = 0; stream < streams; stream += 1) {
#pragma GCC unroll 4
    for (size_t index = 0; index < 4; index += 1) {
      words[stream][index] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(data[stream] + offset + index * 16)));
    }
    states[stream] = sums[stream];
  }
  (nextGroupOfEach<group>(states, words), ...);
#pragma GCC unroll 4
  for (size_t stream = 0; stream < streams; stream += 1) add(sums[stream], states[stream]);
}

template <size_t streams>
MIG_SHA_TARGET void hashSha1(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  Sha1State sums[streams];
  for (size_t stream = 0; stream < streams; stream += 1) sums[stream] = {loadState<streams>(state, 0, stream), state[4 * streams + stream]};
  for (size_t block = 0; block < blocks; block += 1) hashBlock(sums, data, block * kBlockBytes, std::make_index_sequence<20>());
  for (size_t stream = 0; stream < streams; stream += 1) {
    storeState<streams>(state, 0, stream, sums[stream].abcd);
    state[4 * streams + stream] = sums[stream].e;
  }
}

template <size_t streams>
MIG_SHA_TARGET void hashSha256(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  Sha256State sums[streams];
  for (size_t stream = 0; stream < streams; stream += 1) sums[stream] = {loadState<streams>(state, 0, stream), loadState<streams>(state, 4, stream)};
  for (size_t block = 0; block < blocks; block += 1) hashBlock(sums, data, block * kBlockBytes, std::make_index_sequence<16>());
  for (size_t stream = 0; stream < streams; stream += 1) {
    storeState<streams>(state, 0, stream, sums[stream].abcd);
    storeState<streams>(state, 4, stream, sums[stream].efgh);
  }
}

}  // namespace

const Kernels kArmShaKernels = {{nullptr, 0}, {hashSha1<1>, 1}, {hashSha256<1>, 1}};
const Kernels kArmShaFourKernels = {{nullptr, 0}, {hashSha1<4>, 4}, {hashSha256<4>, 4}};

}  // namespace mig

#endif
