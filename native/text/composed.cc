#include "text/composed.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "text/composition_table.h"
#include "text/utf8.h"

namespace mig {

namespace {

// The first byte of U+0300: nothing before it changes.
constexpr uint8_t kFirstChangingByte = 0xcc;

// Hangul, chapter 3.12 of the Unicode Standard.
constexpr uint32_t kSyllables = 0xac00;
constexpr uint32_t kLeads = 0x1100;
constexpr uint32_t kVowels = 0x1161;
constexpr uint32_t kTails = 0x11a7;
constexpr uint32_t kLeadCount = 19;
constexpr uint32_t kVowelCount = 21;
constexpr uint32_t kTailCount = 28;
constexpr uint32_t kSyllableCount = kLeadCount * kVowelCount * kTailCount;

uint32_t rankOf(uint32_t code) {
  const auto* range = std::lower_bound(std::begin(kMarkRanks), std::end(kMarkRanks), code, [](const MarkRank& one, uint32_t wanted) { return one.last < wanted; });
  return range != std::end(kMarkRanks) && range->first <= code ? range->rank : 0;
}

void appendDecomposed(uint32_t code, std::vector<uint32_t>& out) {
  if (code - kSyllables < kSyllableCount) {
    const uint32_t index = code - kSyllables;
    out.push_back(kLeads + index / (kVowelCount * kTailCount));
    out.push_back(kVowels + index / kTailCount % kVowelCount);
    if (index % kTailCount != 0) out.push_back(kTails + index % kTailCount);
    return;
  }
  const auto* entry = std::lower_bound(std::begin(kDecompositions), std::end(kDecompositions), code, [](const Decomposition& one, uint32_t wanted) { return one.code < wanted; });
  if (entry == std::end(kDecompositions) || entry->code != code) return out.push_back(code);
  for (const uint32_t part : entry->parts) {
    if (part != 0) out.push_back(part);
  }
}

// 0 when the two are no character together.
uint32_t compose(uint32_t first, uint32_t second) {
  if (first - kLeads < kLeadCount && second - kVowels < kVowelCount) {
    return kSyllables + ((first - kLeads) * kVowelCount + second - kVowels) * kTailCount;
  }
  const bool isOpenSyllable = first - kSyllables < kSyllableCount && (first - kSyllables) % kTailCount == 0;
  if (isOpenSyllable && second > kTails && second < kTails + kTailCount) return first + second - kTails;
  const auto* entry = std::lower_bound(std::begin(kCompositions), std::end(kCompositions), std::make_pair(first, second),
                                       [](const Composition& one, const auto& wanted) { return std::make_pair(one.first, one.second) < wanted; });
  return entry != std::end(kCompositions) && entry->first == first && entry->second == second ? entry->code : 0;
}

// Marks between two characters without a rank, by rank.
void sortMarks(std::vector<uint32_t>& codes) {
  for (auto from = codes.begin(); from != codes.end();) {
    from = std::find_if(from, codes.end(), [](uint32_t code) { return rankOf(code) != 0; });
    const auto to = std::find_if(from, codes.end(), [](uint32_t code) { return rankOf(code) == 0; });
    std::stable_sort(from, to, [](uint32_t a, uint32_t b) { return rankOf(a) < rankOf(b); });
    from = to;
  }
}

// A mark is composed with the last character without a rank, unless one of the same rank or none is in between.
void composeAll(std::vector<uint32_t>& codes) {
  size_t starter = SIZE_MAX;
  size_t kept = 0;
  uint32_t lastRank = 0;
  for (const uint32_t code : codes) {
    const uint32_t rank = rankOf(code);
    const bool isNext = starter != SIZE_MAX && starter + 1 == kept;
    const bool isReachable = isNext || (starter != SIZE_MAX && lastRank < rank);
    const uint32_t whole = isReachable ? compose(codes[starter], code) : 0;
    if (whole != 0) {
      codes[starter] = whole;
      continue;
    }
    if (rank == 0) starter = kept;
    lastRank = rank;
    codes[kept] = code;
    kept += 1;
  }
  codes.resize(kept);
}

uint32_t codeAt(std::string_view text, size_t at, size_t bytes) {
  uint32_t code = static_cast<uint8_t>(text[at]);
  if (bytes == 0) return kStrayByteBase + code;
  if (bytes == 1) return code;
  code &= 0x7fu >> bytes;
  for (size_t index = 1; index < bytes; index += 1) code = code << 6 | (static_cast<uint8_t>(text[at + index]) & 0x3f);
  return code;
}

}  // namespace

std::string toComposed(std::string_view text) {
  const bool mayChange = std::any_of(text.begin(), text.end(), [](char byte) { return static_cast<uint8_t>(byte) >= kFirstChangingByte; });
  if (!mayChange) return std::string(text);
  std::vector<uint32_t> codes;
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = characterBytesAt(text, at);
    appendDecomposed(codeAt(text, at, bytes), codes);
    at += std::max<size_t>(bytes, 1);
  }
  sortMarks(codes);
  composeAll(codes);
  std::string composed;
  for (const uint32_t code : codes) {
    const bool isStray = code >= kStrayByteBase + 0x80 && code <= kStrayByteBase + 0xff;
    if (isStray) composed += static_cast<char>(code - kStrayByteBase);
    else appendCodePoint(code, composed);
  }
  return composed;
}

}  // namespace mig
