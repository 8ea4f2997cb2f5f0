// SHA-1 and SHA-256 with the SHA extensions: one stream for the last one, and several streams whose instructions
// alternate, since each waits for the one before in its own stream.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <utility>

#define MIG_SHA_TARGET __attribute__((target("sha,sse4.1")))
#define MIG_SHA_INLINE MIG_SHA_TARGET __attribute__((always_inline)) inline

namespace mig {

namespace {

// Word `word` of one stream.
template <size_t streams>
uint32_t& wordOf(uint32_t* state, size_t word, size_t stream) {
  return state[word * streams + stream];
}

// Four words of one stream, the first in the lowest part.
template <size_t streams>
MIG_SHA_INLINE __m128i loadWords(uint32_t* state, size_t word, size_t stream) {
  const auto at = [&](size_t index) { return static_cast<int>(wordOf<streams>(state, word + index, stream)); };
  return _mm_set_epi32(at(3), at(2), at(1), at(0));
}

template <size_t streams>
MIG_SHA_INLINE void storeWords(uint32_t* state, size_t word, size_t stream, __m128i values) {
  alignas(16) uint32_t four[4];
  _mm_store_si128(reinterpret_cast<__m128i*>(four), values);
  for (size_t index = 0; index < 4; index += 1) wordOf<streams>(state, word + index, stream) = four[index];
}

MIG_SHA_INLINE void loadBlock(const uint8_t* at, __m128i order, __m128i (&words)[4]) {
#pragma GCC unroll 4
  for (size_t index = 0; index < 4; index += 1) {
    words[index] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at) + index), order);
  }
}

struct Sha1State {
  __m128i abcd;  // a in the highest word
  __m128i e;     // in the highest word
};

// Four rounds: the next words of the schedule, then the rounds with them.
template <size_t group>
MIG_SHA_INLINE void sha1Group(Sha1State& state, __m128i (&words)[4]) {
  __m128i& word = words[group % 4];
  if constexpr (group >= 4) {
    const __m128i mixed = _mm_xor_si128(_mm_sha1msg1_epu32(word, words[(group + 1) % 4]), words[(group + 2) % 4]);
    word = _mm_sha1msg2_epu32(mixed, words[(group + 3) % 4]);
  }
  // The first e is the state's own; later ones come from the a of four rounds ago.
  const __m128i sum = group == 0 ? _mm_add_epi32(state.e, word) : _mm_sha1nexte_epu32(state.e, word);
  state.e = state.abcd;
  state.abcd = _mm_sha1rnds4_epu32(state.abcd, sum, group / 5);
}

template <size_t group, size_t streams>
MIG_SHA_INLINE void sha1GroupOfEach(Sha1State (&states)[streams], __m128i (&words)[streams][4]) {
#pragma GCC unroll 4
  for (size_t stream = 0; stream < streams; stream += 1) sha1Group<group>(states[stream], words[stream]);
}

template <size_t streams, size_t... group>
MIG_SHA_INLINE void sha1Groups(Sha1State (&states)[streams], __m128i (&words)[streams][4], std::index_sequence<group...>) {
  (sha1GroupOfEach<group>(states, words), ...);
}

template <size_t streams>
MIG_SHA_TARGET void hashSha1(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  Sha1State sums[streams];
  for (size_t stream = 0; stream < streams; stream += 1) {
    sums[stream].abcd = _mm_shuffle_epi32(loadWords<streams>(state, 0, stream), 0x1b);
    sums[stream].e = _mm_set_epi32(static_cast<int>(wordOf<streams>(state, 4, stream)), 0, 0, 0);
  }
  for (size_t offset = 0; offset < blocks * kBlockBytes; offset += kBlockBytes) {
    __m128i words[streams][4];
    Sha1State states[streams];
#pragma GCC unroll 4
    for (size_t stream = 0; stream < streams; stream += 1) {
      loadBlock(data[stream] + offset, reverse, words[stream]);
      states[stream] = sums[stream];
    }
    sha1Groups(states, words, std::make_index_sequence<20>());
#pragma GCC unroll 4
    for (size_t stream = 0; stream < streams; stream += 1) {
      sums[stream].abcd = _mm_add_epi32(sums[stream].abcd, states[stream].abcd);
      sums[stream].e = _mm_sha1nexte_epu32(states[stream].e, sums[stream].e);
    }
  }
  for (size_t stream = 0; stream < streams; stream += 1) {
    storeWords<streams>(state, 0, stream, _mm_shuffle_epi32(sums[stream].abcd, 0x1b));
    wordOf<streams>(state, 4, stream) = static_cast<uint32_t>(_mm_extract_epi32(sums[stream].e, 3));
  }
}

struct Sha256State {
  __m128i abef;
  __m128i cdgh;
};

template <size_t group>
MIG_SHA_INLINE void sha256Group(Sha256State& state, __m128i (&words)[4]) {
  __m128i& word = words[group % 4];
  if constexpr (group >= 4) {
    const __m128i last = words[(group + 3) % 4];
    const __m128i middle = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
    word = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(word, words[(group + 1) % 4]), middle), last);
  }
  const __m128i constants = _mm_load_si128(reinterpret_cast<const __m128i*>(kSha256Constants) + group);
  const __m128i sum = _mm_add_epi32(word, constants);
  // Two rounds turn the older half into the newer one.
  state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
  state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

template <size_t group, size_t streams>
MIG_SHA_INLINE void sha256GroupOfEach(Sha256State (&states)[streams], __m128i (&words)[streams][4]) {
#pragma GCC unroll 4
  for (size_t stream = 0; stream < streams; stream += 1) sha256Group<group>(states[stream], words[stream]);
}

template <size_t streams, size_t... group>
MIG_SHA_INLINE void sha256Groups(Sha256State (&states)[streams], __m128i (&words)[streams][4], std::index_sequence<group...>) {
  (sha256GroupOfEach<group>(states, words), ...);
}

template <size_t streams>
MIG_SHA_TARGET void hashSha256(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  Sha256State sums[streams];
  for (size_t stream = 0; stream < streams; stream += 1) {
    const __m128i badc = _mm_shuffle_epi32(loadWords<streams>(state, 0, stream), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(loadWords<streams>(state, 4, stream), 0x1b);
    sums[stream] = {_mm_alignr_epi8(badc, efgh, 8), _mm_blend_epi16(efgh, badc, 0xf0)};
  }
  for (size_t offset = 0; offset < blocks * kBlockBytes; offset += kBlockBytes) {
    __m128i words[streams][4];
    Sha256State states[streams];
#pragma GCC unroll 4
    for (size_t stream = 0; stream < streams; stream += 1) {
      loadBlock(data[stream] + offset, swap, words[stream]);
      states[stream] = sums[stream];
    }
    sha256Groups(states, words, std::make_index_sequence<16>());
#pragma GCC unroll 4
    for (size_t stream = 0; stream < streams; stream += 1) {
      sums[stream].abef = _mm_add_epi32(sums[stream].abef, states[stream].abef);
      sums[stream].cdgh = _mm_add_epi32(sums[stream].cdgh, states[stream].cdgh);
    }
  }
  for (size_t stream = 0; stream < streams; stream += 1) {
    const __m128i abef = _mm_shuffle_epi32(sums[stream].abef, 0x1b);  // feba read from its low word
    const __m128i cdgh = _mm_shuffle_epi32(sums[stream].cdgh, 0xb1);
    storeWords<streams>(state, 0, stream, _mm_blend_epi16(abef, cdgh, 0xf0));
    storeWords<streams>(state, 4, stream, _mm_alignr_epi8(cdgh, abef, 8));
  }
}

}  // namespace

const Kernels kShaKernels = {{nullptr, 0}, {hashSha1<1>, 1}, {hashSha256<1>, 1}};
const Kernels kShaFourKernels = {{nullptr, 0}, {hashSha1<4>, 4}, {hashSha256<4>, 4}};

}  // namespace mig

#endif
