#include "regex/parsed_pattern.h"

#include <re2/re2.h>
#include <re2/regexp.h>

#include <algorithm>
#include <cstdio>

#include "regex/pattern_writer.h"

namespace mig {

namespace {

using re2::Regexp;

bool isHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Runes for escapes of bytes in a pattern that has other characters, too: `\xfc` also is the byte 0xfc, `ü` is not.
constexpr uint32_t kNamedBase = 0x10ff00;

// What the escape after a backslash says about the characters of its pattern.
struct Escape {
  bool isBeyondBytes = false;
  uint32_t byte = 0;  // 0x80 to 0xff; else 0
  size_t length = 1;
};

Escape readEscape(std::string_view rest) {
  if (rest[0] == 'p' || rest[0] == 'P') return {true};
  if (rest[0] != 'x' || rest.size() < 3) return {};
  const bool hasBraces = rest[1] == '{';
  const std::string_view after = rest.substr(hasBraces ? 2 : 1);
  const auto isHex = [](char c) { return isHexDigit(c); };
  const auto count = static_cast<size_t>(std::find_if_not(after.begin(), after.end(), isHex) - after.begin());
  std::string_view digits = after.substr(0, hasBraces ? count : std::min<size_t>(count, 2));
  const size_t length = hasBraces ? digits.size() + 3 : digits.size() + 1;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > 2) return {true, 0, length};
  const auto value = digits.size() == 2 ? static_cast<uint32_t>(std::stoul(std::string(digits), nullptr, 16)) : 0;
  return {false, value >= 0x80 ? value : 0, length};
}

struct Reading {
  bool isAscii = true;
  bool namesBytes = false;
  std::string named;  // the pattern with runes from kNamedBase on for its escapes of bytes
};

Reading readEscapes(const std::string& pattern) {
  Reading reading;
  for (size_t at = 0; at < pattern.size(); at += 1) {
    if (static_cast<unsigned char>(pattern[at]) >= 0x80) reading.isAscii = false;
    if (pattern[at] != '\\' || at + 1 == pattern.size()) {
      reading.named += pattern[at];
      continue;
    }
    const Escape escape = readEscape(std::string_view(pattern).substr(at + 1));
    if (escape.isBeyondBytes) reading.isAscii = false;
    if (escape.byte != 0) {
      reading.namesBytes = true;
      char text[16];
      snprintf(text, sizeof text, "\\x{%x}", kNamedBase + escape.byte);
      reading.named += text;
    } else {
      reading.named.append(pattern, at, escape.length + 1);
    }
    at += escape.length;
  }
  return reading;
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

ParsedPattern::ParsedPattern(Regexp* tree, bool isAscii, uint32_t firstNamed) : tree_(tree), isAscii_(isAscii), firstNamed_(firstNamed) {
  visitAll(tree_, [this](Regexp* regexp) {
    hasTextAnchor_ = hasTextAnchor_ || regexp->op() == re2::kRegexpBeginText || regexp->op() == re2::kRegexpEndText;
    matchesStrayBytes_ = matchesStrayBytes_ || hasStrayBytes(regexp, firstNamed_);
  });
}
ParsedPattern::~ParsedPattern() { tree_->Decref(); }

std::unique_ptr<ParsedPattern> ParsedPattern::parse(const std::string& pattern, bool ignoresCase, bool isMultiLine, std::string& error) {
  if (pattern.empty() || pattern.size() > kMaxPatternBytes) {
    error = pattern.empty() ? "expected a pattern, got an empty one" : "expected a pattern of at most 4096 bytes";
    return nullptr;
  }
  const Reading reading = readEscapes(pattern);
  re2::RE2::Options options;
  options.set_never_capture(true);
  options.set_case_sensitive(!ignoresCase);
  int flags = options.ParseFlags();
  if (isMultiLine) flags &= ~Regexp::OneLine;
  re2::RegexpStatus status;
  const bool isMixed = !reading.isAscii && reading.namesBytes;
  Regexp* tree = Regexp::Parse(isMixed ? reading.named : pattern, static_cast<Regexp::ParseFlags>(flags), &status);
  if (tree == nullptr) {
    error = status.Text();
    return nullptr;
  }
  const uint32_t firstNamed = isMixed ? kNamedBase + 0x80 : reading.namesBytes ? 0x80 : 0;
  std::unique_ptr<ParsedPattern> parsed(new ParsedPattern(tree, reading.isAscii, firstNamed));
  bool hasAnyByte = false;
  visitAll(tree, [&](Regexp* regexp) { hasAnyByte = hasAnyByte || regexp->op() == re2::kRegexpAnyByte; });
  if (!hasAnyByte) return parsed;
  // One byte of a character: Go refuses it, and it could match a line end.
  error = "invalid escape sequence: \\C";
  return nullptr;
}

size_t ParsedPattern::maxMatchBytes(size_t limit) const { return std::min(limit, longestMatch(tree_, limit)); }

std::string ParsedPattern::write(Alphabet alphabet, Anchors anchors, Encoding encoding) const {
  return PatternWriter(alphabet, anchors, {isAscii_, firstNamed_, encoding}).write(tree_);
}

}  // namespace mig
