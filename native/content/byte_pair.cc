#include "content/byte_pair.h"

#include <algorithm>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mig {

namespace {

// From common to rare in memory, programs and texts, roughly; what is not listed is rarer still.
constexpr char kCommonBytes[] = "\0\xff etaoinsr\x01lhdcu0mpf\x48\x8b\x89\x0f\x02g1ybwv2k\x04\x03\x08\x10\x80\xe8\x24\x7f";
constexpr std::string_view kCommon(kCommonBytes, sizeof kCommonBytes - 1);

size_t rarity(uint8_t byte) { return std::min(kCommon.find(static_cast<char>(byte)), kCommon.size()); }

}  // namespace

BytePair::BytePair(const std::vector<uint8_t>& bytes, const std::vector<bool>& known) {
  std::vector<size_t> order;
  for (size_t index = 0; index < bytes.size(); index += 1) {
    if (known[index]) order.push_back(index);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rarity(bytes[a]) > rarity(bytes[b]); });
  // Two equal bytes side by side come together: another one as second tells more.
  const auto other = std::find_if(order.begin(), order.end(), [&](size_t index) { return bytes[index] != bytes[order[0]]; });
  firstOffset_ = order[0];
  secondOffset_ = other != order.end() ? *other : order.back();
  first_ = bytes[firstOffset_];
  second_ = bytes[secondOffset_];
}

#if defined(__x86_64__)

namespace {

// The first block of 64 places from `from` on that has one, then the place itself; where the blocks end when none has.
__attribute__((target("avx2"))) const uint8_t* findInBlocks(const uint8_t* from, const uint8_t* to, size_t firstOffset,
                                                            size_t secondOffset, uint8_t first, uint8_t second) {
  const __m256i isFirst = _mm256_set1_epi8(static_cast<char>(first));
  const __m256i isSecond = _mm256_set1_epi8(static_cast<char>(second));
  const auto match = [&](const uint8_t* at) __attribute__((target("avx2"))) {
    const __m256i firsts = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + firstOffset));
    const __m256i seconds = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + secondOffset));
    return _mm256_and_si256(_mm256_cmpeq_epi8(firsts, isFirst), _mm256_cmpeq_epi8(seconds, isSecond));
  };
  for (; to - from >= 64; from += 64) {
    const __m256i low = match(from);
    const __m256i high = match(from + 32);
    if (_mm256_testz_si256(_mm256_or_si256(low, high), _mm256_set1_epi8(-1))) continue;
    const uint64_t bits = static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
                          static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
    return from + __builtin_ctzll(bits);
  }
  return from;
}

}  // namespace

#endif

const uint8_t* BytePair::find(const uint8_t* from, const uint8_t* to) const {
#if defined(__x86_64__)
  static const bool hasAvx2 = __builtin_cpu_supports("avx2");
  if (hasAvx2) from = findInBlocks(from, to, firstOffset_, secondOffset_, first_, second_);
#endif
  while (from < to && (from[firstOffset_] != first_ || from[secondOffset_] != second_)) from += 1;
  return from;
}

}  // namespace mig
