// One lane of SHA-1 and SHA-256 with the SHA extensions: for the last few remaining streams.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <utility>

#define MIG_SHA_TARGET __attribute__((target("sha,sse4.1")))
#define MIG_SHA_INLINE MIG_SHA_TARGET __attribute__((always_inline)) inline

namespace mig {

namespace {

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

template <size_t... group>
MIG_SHA_INLINE void sha1Groups(Sha1State& state, __m128i (&words)[4], std::index_sequence<group...>) {
  (sha1Group<group>(state, words), ...);
}

MIG_SHA_TARGET void hashSha1(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  auto* stored = reinterpret_cast<__m128i*>(state);
  Sha1State sum{_mm_shuffle_epi32(_mm_loadu_si128(stored), 0x1b), _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0)};
  const uint8_t* at = data[0];
  for (size_t block = 0; block < blocks; block += 1, at += kBlockBytes) {
    __m128i words[4];
    for (size_t index = 0; index < 4; index += 1) {
      words[index] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at) + index), reverse);
    }
    Sha1State s = sum;
    sha1Groups(s, words, std::make_index_sequence<20>());
    sum.abcd = _mm_add_epi32(sum.abcd, s.abcd);
    sum.e = _mm_sha1nexte_epu32(s.e, sum.e);
  }
  _mm_storeu_si128(stored, _mm_shuffle_epi32(sum.abcd, 0x1b));
  state[4] = static_cast<uint32_t>(_mm_extract_epi32(sum.e, 3));
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

template <size_t... group>
MIG_SHA_INLINE void sha256Groups(Sha256State& state, __m128i (&words)[4], std::index_sequence<group...>) {
  (sha256Group<group>(state, words), ...);
}

MIG_SHA_TARGET void hashSha256(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  auto* stored = reinterpret_cast<__m128i*>(state);
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(stored), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(stored + 1), 0x1b);
  Sha256State sum{_mm_alignr_epi8(badc, efgh, 8), _mm_blend_epi16(efgh, badc, 0xf0)};
  const uint8_t* at = data[0];
  for (size_t block = 0; block < blocks; block += 1, at += kBlockBytes) {
    __m128i words[4];
    for (size_t index = 0; index < 4; index += 1) {
      words[index] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at) + index), swap);
    }
    Sha256State s = sum;
    sha256Groups(s, words, std::make_index_sequence<16>());
    sum.abef = _mm_add_epi32(sum.abef, s.abef);
    sum.cdgh = _mm_add_epi32(sum.cdgh, s.cdgh);
  }
  const __m128i abef = _mm_shuffle_epi32(sum.abef, 0x1b);  // feba read from its low word
  const __m128i cdgh = _mm_shuffle_epi32(sum.cdgh, 0xb1);
  _mm_storeu_si128(stored, _mm_blend_epi16(abef, cdgh, 0xf0));
  _mm_storeu_si128(stored + 1, _mm_alignr_epi8(cdgh, abef, 8));
}

}  // namespace

const Kernels kShaKernels = {{nullptr, 0}, {hashSha1, 1}, {hashSha256, 1}};

}  // namespace mig

#endif
