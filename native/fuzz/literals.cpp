// Any literals in any text: the vector code finds the same as a comparison at every offset.
#include "fuzz/input.h"
#include "regex/literal_search.h"
#include "regex/literal_set.h"
#include "regex/rarity.h"

namespace {

// Maps any byte to a valid literal byte: lower-case ASCII.
char toLiteralByte(char c) {
  const char ascii = static_cast<char>(c & 0x7f);
  return ascii >= 'A' && ascii <= 'Z' ? static_cast<char>(ascii + ('a' - 'A')) : ascii;
}

bool isAt(std::string_view text, size_t at, const std::string& literal) {
  if (text.size() - at < literal.size()) return false;
  for (size_t index = 0; index < literal.size(); index += 1) {
    if (text[at + index] != literal[index] && text[at + index] != mig::toUpper(literal[index])) return false;
  }
  return true;
}

size_t slowFind(std::string_view text, const std::vector<std::string>& literals, size_t from, size_t to) {
  for (size_t at = from; at < std::min(to, text.size()); at += 1) {
    for (const std::string& literal : literals) {
      if (isAt(text, at, literal)) return at;
    }
  }
  return mig::LiteralSet::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  mig::FuzzInput input(data, sizeBytes);
  std::vector<std::string> literals;
  const size_t count = 1 + input.byte() % mig::LiteralSet::kMaxLiterals;
  for (size_t index = 0; index < count; index += 1) {
    std::string literal = input.text(12);
    for (char& c : literal) c = toLiteralByte(c);
    if (literal.size() >= mig::LiteralSet::kMinLiteralBytes) literals.push_back(literal);
  }
  if (literals.empty()) return 0;
  const size_t first = input.byte();
  const size_t last = first + input.byte() * 4u;
  // On the heap with its exact size: the sanitizer sees an overread.
  const std::string rest = input.rest();
  const std::vector<char> copy(rest.begin(), rest.end());
  const std::string_view text(copy.data(), copy.size());
  const size_t from = std::min(first, text.size());
  const size_t to = std::max(from, std::min(last, text.size()));
  const size_t expected = slowFind(text, literals, from, to);
  if (mig::LiteralSet::isSupported()) mig::expect(mig::LiteralSet(literals).find(text, from, to) == expected, "the set finds the first");
  const mig::LiteralSearch one(literals[0]);
  mig::expect(one.find(text, from, to) == slowFind(text, {literals[0]}, from, to), "one literal is found where it is first");
  return 0;
}
