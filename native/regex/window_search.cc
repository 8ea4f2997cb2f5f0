#include "regex/window_search.h"

#include "platform/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mig {

#if defined(__x86_64__)

namespace {

// A kernel for windows of `kBytes` bytes; the tables stay in registers. The high half is looked up for the first
// `kHighs` bytes only. The low half of the others is enough where a bucket has few texts: nearly all text is of one
// case, so that there are few more candidates for half of the work.
template <size_t kBytes, size_t kHighs>
__attribute__((target("avx2"))) bool findAvx2(const WindowTables& tables, const uint8_t* from, const uint8_t* to, WindowBlock& block) {
  __m256i low[kBytes];
  __m256i high[kBytes];
  for (size_t index = 0; index < kBytes; index += 1) {
    low[index] = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.low[index].data())));
    high[index] = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.high[index].data())));
  }
  const __m256i half = _mm256_set1_epi8(0x0f);
  const auto match = [&](const uint8_t* at) __attribute__((target("avx2"))) {
    __m256i buckets = _mm256_set1_epi8(-1);
    for (size_t index = 0; index < kBytes; index += 1) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + index));
      // A shuffle gives zero for bytes from 0x80 on: none is in an ASCII text.
      const __m256i lows = _mm256_shuffle_epi8(low[index], bytes);
      if (index >= kHighs) {
        buckets = _mm256_and_si256(buckets, lows);
        continue;
      }
      const __m256i highs = _mm256_shuffle_epi8(high[index], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half));
      buckets = _mm256_and_si256(buckets, _mm256_and_si256(lows, highs));
    }
    return buckets;
  };
  for (; static_cast<size_t>(to - from) >= kBlockBytes; from += kBlockBytes) {
    const __m256i first = match(from);
    const __m256i second = match(from + 32);
    const __m256i any = _mm256_or_si256(first, second);
    if (_mm256_testz_si256(any, any)) continue;
    block.at = from;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(block.buckets), first);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(block.buckets + 32), second);
    return true;
  }
  return false;
}

template <size_t kBytes>
__attribute__((target("avx512bw"))) bool findAvx512(const WindowTables& tables, const uint8_t* from, const uint8_t* to, WindowBlock& block) {
  __m512i low[kBytes];
  __m512i high[kBytes];
  for (size_t index = 0; index < kBytes; index += 1) {
    low[index] = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.low[index].data())));
    high[index] = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.high[index].data())));
  }
  const __m512i half = _mm512_set1_epi8(0x0f);
  for (; static_cast<size_t>(to - from) >= kBlockBytes; from += kBlockBytes) {
    __m512i buckets = _mm512_set1_epi8(-1);
    for (size_t index = 0; index < kBytes; index += 1) {
      const __m512i bytes = _mm512_loadu_si512(from + index);
      const __m512i lows = _mm512_shuffle_epi8(low[index], bytes);
      const __m512i highs = _mm512_shuffle_epi8(high[index], _mm512_and_si512(_mm512_srli_epi16(bytes, 4), half));
      // All three checks at once.
      buckets = _mm512_ternarylogic_epi64(buckets, lows, highs, 0x80);
    }
    if (_mm512_test_epi8_mask(buckets, buckets) == 0) continue;
    block.at = from;
    _mm512_storeu_si512(block.buckets, buckets);
    return true;
  }
  return false;
}

template <size_t kBytes>
FindWindow choose(size_t texts) {
  // Fewer bytes, or more texts, would leave too many candidates.
  constexpr size_t kLongBytes = 5;
  constexpr size_t kFewTexts = 24;
  if (processorFeatures().avx512) return findAvx512<kBytes>;
  if (!processorFeatures().avx2) return nullptr;
  if constexpr (kBytes >= kLongBytes) {
    if (texts <= kFewTexts) return findAvx2<kBytes, 1>;
  }
  return findAvx2<kBytes, kBytes>;
}

}  // namespace

FindWindow chooseFindWindow(size_t windowBytes, size_t texts) {
  switch (windowBytes) {
    case 3: return choose<3>(texts);
    case 4: return choose<4>(texts);
    case 5: return choose<5>(texts);
    case 6: return choose<6>(texts);
    default: return nullptr;
  }
}

#else

FindWindow chooseFindWindow(size_t, size_t) { return nullptr; }

#endif

}  // namespace mig
