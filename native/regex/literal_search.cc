#include "regex/literal_search.h"

#include <algorithm>
#include <numeric>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mig {

namespace {

// From common to rare in texts and programs, roughly; what is not listed is rarer still.
constexpr std::string_view kCommon = " etaoinsrlhdcu0mpfg1ybwv2k3.x_j-/q4=5z6\"8:7,9()";

size_t rarity(char c) { return std::min(kCommon.find(c), kCommon.size()); }

char toUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

LiteralSearch::LiteralSearch(std::string literal) : lower_(std::move(literal)) {
  std::transform(lower_.begin(), lower_.end(), std::back_inserter(upper_), toUpper);
  std::vector<size_t> order(lower_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rarity(lower_[a]) > rarity(lower_[b]); });
  first_ = order[0];
  second_ = order[1];
}

bool LiteralSearch::isAt(const char* at) const {
  for (size_t index = 0; index < lower_.size(); index += 1) {
    if (at[index] != lower_[index] && at[index] != upper_[index]) return false;
  }
  return true;
}

size_t LiteralSearch::findSlowly(std::string_view text, size_t from, size_t to) const {
  for (size_t at = from; at < to; at += 1) {
    if (isAt(text.data() + at)) return at;
  }
  return npos;
}

#if defined(__x86_64__)

namespace {

struct Pair {
  size_t first, second;
  char firstLower, firstUpper, secondLower, secondUpper;
};

// Bit i is set when both bytes of the pair stand where an occurrence at `at + i` has them.
__attribute__((target("avx2"))) inline uint32_t matchPair(const char* at, const Pair& pair) {
  const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + pair.first));
  const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + pair.second));
  const __m256i isFirst = _mm256_or_si256(_mm256_cmpeq_epi8(first, _mm256_set1_epi8(pair.firstLower)),
                                          _mm256_cmpeq_epi8(first, _mm256_set1_epi8(pair.firstUpper)));
  const __m256i isSecond = _mm256_or_si256(_mm256_cmpeq_epi8(second, _mm256_set1_epi8(pair.secondLower)),
                                           _mm256_cmpeq_epi8(second, _mm256_set1_epi8(pair.secondUpper)));
  return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(isFirst, isSecond)));
}

// First block of 32 offsets from `from` on that has a candidate; `to` when none of those that end before it has.
__attribute__((target("avx2"))) size_t skipBlocks(const char* text, size_t from, size_t to, const Pair& pair, uint32_t& bits) {
  for (; from + 32 <= to; from += 32) {
    bits = matchPair(text + from, pair);
    if (bits != 0) return from;
  }
  bits = 0;
  return from;
}

}  // namespace

size_t LiteralSearch::find(std::string_view text, size_t from, size_t to) const {
  if (text.size() < lower_.size()) return npos;
  to = std::min(to, text.size() - lower_.size() + 1);
  static const bool hasAvx2 = __builtin_cpu_supports("avx2");
  if (!hasAvx2) return findSlowly(text, from, to);
  const Pair pair{first_, second_, lower_[first_], upper_[first_], lower_[second_], upper_[second_]};
  while (from + 32 <= to) {
    uint32_t bits = 0;
    from = skipBlocks(text.data(), from, to, pair, bits);
    for (; bits != 0; bits &= bits - 1) {
      const size_t at = from + static_cast<size_t>(__builtin_ctz(bits));
      if (isAt(text.data() + at)) return at;
    }
    if (from + 32 <= to) from += 32;
  }
  return findSlowly(text, from, to);
}

#else

size_t LiteralSearch::find(std::string_view text, size_t from, size_t to) const {
  if (text.size() < lower_.size()) return npos;
  return findSlowly(text, from, std::min(to, text.size() - lower_.size() + 1));
}

#endif

}  // namespace mig
