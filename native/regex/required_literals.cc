#include "regex/required_literals.h"

#include <re2/prefilter.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>

namespace mig {

namespace {

// Shorter literals are in nearly every line.
constexpr size_t kMinLiteralBytes = LiteralSet::kMinLiteralBytes;
// Up to this number, one search per literal is as fast as a combined one.
constexpr size_t kFewLiterals = 2;
// With more, one search per literal is slower than the pattern itself.
constexpr size_t kMaxLiteralsInTurn = 8;
// Block size of the searches per literal.
constexpr size_t kStretchBytes = 8192;

// RE2 lower-cases literals before it returns them. In UTF-8, i, k and s are also the lower case of characters beyond
// ASCII (U+0130, U+212A, U+017F); such letters have more than two spellings.
bool hasTwoSpellings(char c, bool isUtf8) {
  const bool isShared = c == 'i' || c == 'k' || c == 's';
  return static_cast<unsigned char>(c) < 0x80 && !(isUtf8 && isShared);
}

std::string longestSearchable(const std::string& literal, bool isUtf8) {
  std::string best;
  std::string run;
  for (const char c : literal) {
    if (hasTwoSpellings(c, isUtf8)) run += c;
    else run.clear();
    if (run.size() > best.size()) best = run;
  }
  return best;
}

size_t shortest(const std::vector<std::string>& literals) {
  size_t bytes = std::string::npos;
  for (const std::string& literal : literals) bytes = std::min(bytes, literal.size());
  return bytes;
}

// Any match contains at least one of the returned texts; empty when nothing is known.
std::vector<std::string> collect(re2::Prefilter& filter, bool isUtf8) {
  if (filter.op() == re2::Prefilter::ATOM) {
    const std::string literal = longestSearchable(filter.atom(), isUtf8);
    return literal.size() < kMinLiteralBytes ? std::vector<std::string>{} : std::vector<std::string>{literal};
  }
  std::vector<std::string> result;
  if (filter.op() == re2::Prefilter::AND) {
    for (re2::Prefilter* sub : *filter.subs()) {
      std::vector<std::string> literals = collect(*sub, isUtf8);
      if (literals.empty()) continue;
      if (result.empty() || shortest(literals) > shortest(result)) result = std::move(literals);
    }
  } else if (filter.op() == re2::Prefilter::OR) {
    for (re2::Prefilter* sub : *filter.subs()) {
      const std::vector<std::string> literals = collect(*sub, isUtf8);
      if (literals.empty()) return {};
      result.insert(result.end(), literals.begin(), literals.end());
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    if (result.size() > (LiteralSet::isSupported() ? LiteralSet::kMaxLiterals : kMaxLiteralsInTurn)) return {};
  }
  return result;
}

}  // namespace

std::unique_ptr<RequiredLiterals> RequiredLiterals::of(const RE2& regex) {
  const std::unique_ptr<re2::Prefilter> filter(re2::Prefilter::FromRE2(&regex));
  if (!filter) return nullptr;
  std::vector<std::string> literals = collect(*filter, regex.options().encoding() == RE2::Options::EncodingUTF8);
  if (literals.empty()) return nullptr;
  auto required = std::make_unique<RequiredLiterals>();
  if (literals.size() > kFewLiterals && LiteralSet::isSupported()) {
    required->set_ = std::make_unique<LiteralSet>(std::move(literals));
    return required;
  }
  for (const std::string& literal : literals) required->literals_.emplace_back(literal);
  return required;
}

size_t RequiredLiterals::find(std::string_view text, size_t from, size_t to) const {
  if (set_) return set_->find(text, from, to);
  for (; from < to; from += kStretchBytes) {
    size_t earliest = std::min(to, from + kStretchBytes);
    bool isFound = false;
    for (const LiteralSearch& literal : literals_) {
      const size_t at = literal.find(text, from, earliest);
      if (at == LiteralSearch::npos) continue;
      earliest = at;
      isFound = true;
    }
    if (isFound) return earliest;
  }
  return std::string_view::npos;
}

}  // namespace mig
