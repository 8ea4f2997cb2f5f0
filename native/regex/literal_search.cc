#include "regex/literal_search.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "regex/rarity.h"

namespace mig {

LiteralSearch::LiteralSearch(std::string literal) : lower_(std::move(literal)), upper_(toUpper(lower_)) {
  std::vector<size_t> order(lower_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rarity(lower_[a]) > rarity(lower_[b]); });
  const auto toPairByte = [&](size_t at) {
    return PairByte{at, static_cast<uint8_t>(lower_[at]), static_cast<uint8_t>(lower_[at] != upper_[at] ? 0x20 : 0)};
  };
  pair_ = BytePair(toPairByte(order[0]), toPairByte(order[1]));
}

bool LiteralSearch::isAt(const char* at) const {
  for (size_t index = 0; index < lower_.size(); index += 1) {
    if (at[index] != lower_[index] && at[index] != upper_[index]) return false;
  }
  return true;
}

size_t LiteralSearch::find(std::string_view text, size_t from, size_t to) const {
  if (text.size() < lower_.size()) return npos;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = bytes + std::min(to, text.size() - lower_.size() + 1);
  for (const uint8_t* at = pair_.find(bytes + from, end); at < end; at = pair_.find(at + 1, end)) {
    const auto found = static_cast<size_t>(at - bytes);
    if (isAt(text.data() + found)) return found;
  }
  return npos;
}

}  // namespace mig
