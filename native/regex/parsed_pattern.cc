#include "regex/parsed_pattern.h"

#include <re2/re2.h>
#include <re2/regexp.h>

#include <algorithm>

#include "regex/pattern_writer.h"

namespace mig {

namespace {

using re2::Regexp;

bool isHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The part of a pattern after a backslash, as far as it tells which characters the pattern has.
enum class Escape : uint8_t { other, byte, beyondBytes };

Escape escapeOf(std::string_view rest) {
  if (rest[0] == 'p' || rest[0] == 'P') return Escape::beyondBytes;
  if (rest[0] != 'x' || rest.size() < 2) return Escape::other;
  if (rest[1] != '{') return rest[1] >= '8' ? Escape::byte : Escape::other;
  rest.remove_prefix(2);
  rest.remove_prefix(std::min(rest.find_first_not_of('0'), rest.size()));
  const auto digits = static_cast<size_t>(std::find_if_not(rest.begin(), rest.end(), isHexDigit) - rest.begin());
  if (digits > 2) return Escape::beyondBytes;
  return digits == 2 && rest[0] >= '8' ? Escape::byte : Escape::other;
}

// The operators of a tree, each once.
template <typename Visit>
void visitAll(Regexp* regexp, const Visit& visit) {
  visit(regexp);
  for (int index = 0; index < regexp->nsub(); index += 1) visitAll(regexp->sub()[index], visit);
}

size_t bytesOf(re2::Rune rune) { return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4; }

// RE2 refuses patterns nested deeper than 1000 levels.
size_t longestMatch(Regexp* regexp, size_t limit) {
  const auto ofSubs = [&](bool isSum) {
    size_t bytes = 0;
    for (int index = 0; index < regexp->nsub(); index += 1) {
      const size_t sub = longestMatch(regexp->sub()[index], limit);
      bytes = isSum ? std::min(limit, bytes + sub) : std::max(bytes, sub);
    }
    return bytes;
  };
  switch (regexp->op()) {
    case re2::kRegexpLiteral: return bytesOf(regexp->rune());
    case re2::kRegexpLiteralString: {
      size_t bytes = 0;
      for (int index = 0; index < regexp->nrunes(); index += 1) bytes += bytesOf(regexp->runes()[index]);
      return std::min(limit, bytes);
    }
    case re2::kRegexpAnyChar: return bytesOf(re2::Runemax);
    case re2::kRegexpCharClass: return regexp->cc()->empty() ? 0 : bytesOf((regexp->cc()->end() - 1)->hi);
    case re2::kRegexpStar:
    case re2::kRegexpPlus: return limit;
    case re2::kRegexpRepeat: return regexp->max() < 0 ? limit : std::min(limit, ofSubs(true) * static_cast<size_t>(regexp->max()));
    default: return ofSubs(regexp->op() != re2::kRegexpAlternate);
  }
}

}  // namespace

ParsedPattern::ParsedPattern(Regexp* tree, bool isAscii, bool namesBytes) : tree_(tree), isAscii_(isAscii), namesBytes_(namesBytes) {
  visitAll(tree_, [this](Regexp* regexp) {
    hasTextAnchor_ = hasTextAnchor_ || regexp->op() == re2::kRegexpBeginText || regexp->op() == re2::kRegexpEndText;
    matchesStrayBytes_ = matchesStrayBytes_ || hasStrayBytes(regexp, namesBytes_);
  });
}
ParsedPattern::~ParsedPattern() { tree_->Decref(); }

std::unique_ptr<ParsedPattern> ParsedPattern::parse(const std::string& pattern, bool ignoresCase, bool isMultiLine, std::string& error) {
  if (pattern.empty() || pattern.size() > kMaxPatternBytes) {
    error = pattern.empty() ? "expected a pattern, got an empty one" : "expected a pattern of at most 4096 bytes";
    return nullptr;
  }
  bool isAscii = std::all_of(pattern.begin(), pattern.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  bool namesBytes = false;
  for (size_t at = 0; at + 1 < pattern.size(); at += 1) {
    if (pattern[at] != '\\') continue;
    at += 1;
    const Escape escape = escapeOf(std::string_view(pattern).substr(at));
    namesBytes = namesBytes || escape == Escape::byte;
    isAscii = isAscii && escape != Escape::beyondBytes;
  }
  re2::RE2::Options options;
  options.set_never_capture(true);
  options.set_case_sensitive(!ignoresCase);
  int flags = options.ParseFlags();
  if (isMultiLine) flags &= ~Regexp::OneLine;
  re2::RegexpStatus status;
  Regexp* tree = Regexp::Parse(pattern, static_cast<Regexp::ParseFlags>(flags), &status);
  if (tree == nullptr) {
    error = status.Text();
    return nullptr;
  }
  std::unique_ptr<ParsedPattern> parsed(new ParsedPattern(tree, isAscii, namesBytes));
  bool hasAnyByte = false;
  visitAll(tree, [&](Regexp* regexp) { hasAnyByte = hasAnyByte || regexp->op() == re2::kRegexpAnyByte; });
  if (!hasAnyByte) return parsed;
  // One byte of a character: Go refuses it, and it could match a line end.
  error = "invalid escape sequence: \\C";
  return nullptr;
}

size_t ParsedPattern::maxMatchBytes(size_t limit) const { return std::min(limit, longestMatch(tree_, limit)); }

std::string ParsedPattern::write(Alphabet alphabet, Anchors anchors) const {
  return PatternWriter(alphabet, anchors, {isAscii_, namesBytes_}).write(tree_);
}

}  // namespace mig
