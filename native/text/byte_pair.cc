#include "text/byte_pair.h"

#include <algorithm>
#include <string_view>

#include "platform/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mig {

namespace {

// Common to rare in memory, programs and texts, roughly; all others are rarer still.
constexpr char kCommonBytes[] = "\0\xff etaoinsr\x01lhdcu0mpf\x48\x8b\x89\x0f\x02g1ybwv2k\x04\x03\x08\x10\x80\xe8\x24\x7f";
constexpr std::string_view kCommon(kCommonBytes, sizeof kCommonBytes - 1);

size_t rarity(uint8_t byte) { return std::min(kCommon.find(static_cast<char>(byte)), kCommon.size()); }

}  // namespace

BytePair BytePair::ofRarest(const std::vector<uint8_t>& bytes, const std::vector<bool>& known) {
  std::vector<size_t> order;
  for (size_t index = 0; index < bytes.size(); index += 1) {
    if (known[index]) order.push_back(index);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rarity(bytes[a]) > rarity(bytes[b]); });
  // Equal bytes tend to come in runs: a different second byte is more selective.
  const auto other = std::find_if(order.begin(), order.end(), [&](size_t index) { return bytes[index] != bytes[order[0]]; });
  const size_t second = other != order.end() ? *other : order.back();
  return {{order[0], bytes[order[0]], 0}, {second, bytes[second], 0}};
}

#if defined(__x86_64__)

namespace {

// The first place from `from` on; without one, the end of the last whole block of 64 places.
__attribute__((target("avx2"))) const uint8_t* findInBlocks(const uint8_t* from, const uint8_t* to, const PairByte& first,
                                                            const PairByte& second) {
  const __m256i firstValue = _mm256_set1_epi8(static_cast<char>(first.value));
  const __m256i firstIgnored = _mm256_set1_epi8(static_cast<char>(first.ignoredBits));
  const __m256i secondValue = _mm256_set1_epi8(static_cast<char>(second.value));
  const __m256i secondIgnored = _mm256_set1_epi8(static_cast<char>(second.ignoredBits));
  const auto match = [&](const uint8_t* at) __attribute__((target("avx2"))) {
    const __m256i firsts = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + first.offset));
    const __m256i seconds = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + second.offset));
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_or_si256(firsts, firstIgnored), firstValue),
                            _mm256_cmpeq_epi8(_mm256_or_si256(seconds, secondIgnored), secondValue));
  };
  for (; to - from >= 64; from += 64) {
    const __m256i low = match(from);
    const __m256i high = match(from + 32);
    const __m256i any = _mm256_or_si256(low, high);
    if (_mm256_testz_si256(any, any)) continue;
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
  if (processorFeatures().avx2 && from < to) from = findInBlocks(from, to, first_, second_);
#endif
  const auto isAt = [](const uint8_t* at, const PairByte& byte) { return (at[byte.offset] | byte.ignoredBits) == byte.value; };
  while (from < to && !(isAt(from, first_) && isAt(from, second_))) from += 1;
  return from;
}

}  // namespace mig
