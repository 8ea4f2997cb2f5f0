#include "regex/literal_set.h"

#include <algorithm>
#include <cstring>

#include "regex/rarity.h"

namespace mig {

namespace {

// The window with the rarest bytes: fewer candidates, fewer comparisons.
size_t rarestWindow(const std::string& literal, size_t windowBytes) {
  size_t best = 0;
  size_t bestRarity = 0;
  for (size_t start = 0; start + windowBytes <= literal.size(); start += 1) {
    size_t sum = 0;
    for (size_t index = 0; index < windowBytes; index += 1) sum += rarity(literal[start + index]);
    if (sum <= bestRarity && start > 0) continue;
    best = start;
    bestRarity = sum;
  }
  return best;
}

bool isLiteralAt(std::string_view text, size_t at, const std::string& lower, const std::string& upper) {
  if (text.size() - at < lower.size()) return false;
  for (size_t index = 0; index < lower.size(); index += 1) {
    if (text[at + index] != lower[index] && text[at + index] != upper[index]) return false;
  }
  return true;
}

}  // namespace

bool LiteralSet::isSupported() { return chooseFindWindow(WindowTables::kMinBytes, 1) != nullptr; }

LiteralSet::LiteralSet(std::vector<std::string> literals) {
  windowBytes_ = WindowTables::kMaxBytes;
  for (const std::string& literal : literals) windowBytes_ = std::min(windowBytes_, literal.size());
  std::vector<Literal> all;
  for (std::string& lower : literals) {
    const size_t window = rarestWindow(lower, windowBytes_);
    std::string upper = toUpper(lower);
    all.push_back({std::move(lower), std::move(upper), window});
    maxWindow_ = std::max(maxWindow_, window);
  }
  // Similar windows share a bucket, which makes its tables more selective.
  const auto windowOf = [&](const Literal& literal) { return std::string_view(literal.lower).substr(literal.window, windowBytes_); };
  std::sort(all.begin(), all.end(), [&](const Literal& a, const Literal& b) { return windowOf(a) < windowOf(b); });
  for (size_t index = 0; index < all.size(); index += 1) {
    const size_t bucket = index * kBuckets / all.size();
    addToTables(all[index], bucket);
    buckets_[bucket].push_back(std::move(all[index]));
  }
  findWindow_ = chooseFindWindow(windowBytes_, all.size());
}

void LiteralSet::addToTables(const Literal& literal, size_t bucket) {
  const auto bit = static_cast<uint8_t>(1u << bucket);
  for (size_t index = 0; index < windowBytes_; index += 1) {
    for (const char c : {literal.lower[literal.window + index], literal.upper[literal.window + index]}) {
      const auto byte = static_cast<uint8_t>(c);
      tables_.low[index][byte & 0x0f] |= bit;
      tables_.high[index][byte >> 4] |= bit;
    }
  }
}

// The first literal in [from, to) whose window begins in the block.
size_t LiteralSet::findInBlock(std::string_view text, const uint8_t* buckets, size_t blockAt, size_t from, size_t to) const {
  size_t first = npos;
  for (size_t word = 0; word < kBlockBytes; word += sizeof(uint64_t)) {
    uint64_t bits;
    memcpy(&bits, buckets + word, sizeof bits);
    // Processors with a kernel are little-endian: the lowest byte is the first offset.
    for (; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<size_t>(__builtin_ctzll(bits));
      const size_t at = blockAt + word + bit / 8;
      for (const Literal& literal : buckets_[bit % 8]) {
        if (at < from + literal.window || at - literal.window >= to) continue;
        if (isLiteralAt(text, at - literal.window, literal.lower, literal.upper)) to = first = at - literal.window;
      }
    }
  }
  return first;
}

size_t LiteralSet::find(std::string_view text, size_t from, size_t to) const {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  size_t first = npos;
  // A window from here on cannot belong to a literal that begins before the one found.
  size_t end = std::min(text.size(), to + maxWindow_);
  size_t at = from;
  WindowBlock block;
  const auto take = [&](size_t blockAt) {
    const size_t found = findInBlock(text, block.buckets, blockAt, from, to);
    at = blockAt + kBlockBytes;
    if (found == npos) return;
    first = to = found;
    end = std::min(end, found + maxWindow_);
  };
  // The end of the bytes that a kernel may read.
  const size_t readable = text.size() - std::min(text.size(), WindowTables::kMaxBytes - 1);
  while (at + kBlockBytes <= std::min(end, readable)) {
    const size_t wholeEnd = std::min(end, readable);
    if (findWindow_(tables_, bytes + at, bytes + wholeEnd, block)) take(static_cast<size_t>(block.at - bytes));
    else at = wholeEnd - (wholeEnd - at) % kBlockBytes;
  }
  // Copies the rest and pads it with zeros.
  while (at < end) {
    uint8_t padded[kBlockBytes + WindowTables::kMaxBytes] = {};
    memcpy(padded, bytes + at, std::min(text.size() - at, sizeof padded));
    if (findWindow_(tables_, padded, padded + kBlockBytes, block)) take(at);
    else at += kBlockBytes;
  }
  return first;
}

}  // namespace mig
