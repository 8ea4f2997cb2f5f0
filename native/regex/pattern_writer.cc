#include "regex/pattern_writer.h"

#include <re2/regexp.h>

#include <algorithm>
#include <cstdio>

#include "text/utf8.h"

namespace mig {

namespace {

using re2::Regexp;

constexpr uint32_t kFirstHigh = 0x80;
constexpr uint32_t kLastByte = 0xff;
constexpr int kNoncharacter = 0xfffe;
// Ignoring case, RE2 adds these to k and s.
constexpr uint32_t kKelvinSign = 0x212a;
constexpr uint32_t kLongS = 0x017f;

bool isAlphanumeric(uint32_t rune) {
  return (rune >= '0' && rune <= '9') || (rune >= 'A' && rune <= 'Z') || (rune >= 'a' && rune <= 'z');
}

void appendRune(uint32_t rune, std::string& out) {
  if (isAlphanumeric(rune)) {
    out += static_cast<char>(rune);
    return;
  }
  char text[16];
  snprintf(text, sizeof text, "\\x{%x}", rune);
  out += text;
}

void appendRange(uint32_t first, uint32_t last, std::string& out) {
  appendRune(first, out);
  if (first == last) return;
  out += '-';
  appendRune(last, out);
}

void appendRanges(const std::vector<std::pair<uint32_t, uint32_t>>& ranges, std::string& out) {
  for (const auto& [first, last] : ranges) appendRange(first, last, out);
}

// The bytes of a character, or the byte of its own.
std::string writtenBytesOf(uint32_t rune) {
  std::string bytes;
  if (rune >= kStrayByteBase + kFirstHigh && rune <= kStrayByteBase + kLastByte) bytes += static_cast<char>(rune - kStrayByteBase);
  else appendCodePoint(rune, bytes);
  std::string written;
  for (const char byte : bytes) appendRune(static_cast<uint8_t>(byte), written);
  return written;
}

bool ignoresCaseOf(Regexp* regexp) { return (regexp->parse_flags() & Regexp::FoldCase) != 0; }

constexpr uint32_t kNamedRunes = 0x80;
// A class of more characters is not written out by bytes.
constexpr size_t kMostSingles = 4;

bool hasOperator(Regexp* regexp, re2::RegexpOp op) {
  if (regexp->op() == op) return true;
  for (int index = 0; index < regexp->nsub(); index += 1) {
    if (hasOperator(regexp->sub()[index], op)) return true;
  }
  return false;
}

}  // namespace

bool hasStrayBytes(Regexp* regexp, uint32_t firstNamed) {
  const auto isStray = [&](uint32_t first, uint32_t last) {
    const bool isNamed = firstNamed != 0 && first < firstNamed + kNamedRunes && last >= firstNamed;
    return isNamed || (first <= kStrayByteBase + kLastByte && last >= kStrayByteBase + kFirstHigh);
  };
  switch (regexp->op()) {
    case re2::kRegexpAnyChar: return true;
    case re2::kRegexpLiteral: return isStray(static_cast<uint32_t>(regexp->rune()), static_cast<uint32_t>(regexp->rune()));
    case re2::kRegexpLiteralString:
      return std::any_of(regexp->runes(), regexp->runes() + regexp->nrunes(),
                         [&](re2::Rune rune) { return isStray(static_cast<uint32_t>(rune), static_cast<uint32_t>(rune)); });
    case re2::kRegexpCharClass:
      return std::any_of(regexp->cc()->begin(), regexp->cc()->end(),
                         [&](const re2::RuneRange& range) { return isStray(static_cast<uint32_t>(range.lo), static_cast<uint32_t>(range.hi)); });
    default: return false;
  }
}

const char* optionalMark(Encoding encoding) { return encoding == Encoding::bytes ? "(?:\\xef\\xbb\\xbf)?" : "\\x{feff}?"; }

std::string PatternWriter::write(Regexp* tree) {
  hasEnd_ = hasOperator(tree, re2::kRegexpEndText) || hasOperator(tree, re2::kRegexpEndLine);
  out_ = "(?s)";
  add(tree);
  return std::move(out_);
}

void PatternWriter::add(Regexp* regexp) {
  switch (regexp->op()) {
    case re2::kRegexpNoMatch: return addRanges({});
    case re2::kRegexpLiteral: return addRune(static_cast<uint32_t>(regexp->rune()), ignoresCaseOf(regexp));
    case re2::kRegexpLiteralString: return addString(regexp);
    case re2::kRegexpConcat: return addSubs(regexp, "");
    case re2::kRegexpAlternate: return addSubs(regexp, "|");
    case re2::kRegexpStar: return addRepeat(regexp, "*");
    case re2::kRegexpPlus: return addRepeat(regexp, "+");
    case re2::kRegexpQuest: return addRepeat(regexp, "?");
    case re2::kRegexpRepeat: {
      const std::string most = regexp->max() < 0 ? "" : std::to_string(regexp->max());
      return addRepeat(regexp, "{" + std::to_string(regexp->min()) + "," + most + "}");
    }
    case re2::kRegexpCapture: return addSubs(regexp, "");
    case re2::kRegexpAnyChar: return addRanges({{0, static_cast<uint32_t>(re2::Runemax)}});
    case re2::kRegexpCharClass: return addClass(regexp);
    case re2::kRegexpBeginLine: return addBeginOfLine();
    case re2::kRegexpEndLine: out_ += isOfLines() ? "(?m:\\r?$)" : "(?m:$)"; return;
    case re2::kRegexpBeginText:
      if (isOfLines()) return addBeginOfLine();
      out_ += "\\A";
      return;
    case re2::kRegexpEndText: out_ += isOfLines() ? "(?m:\\r?$)" : "\\z"; return;
    case re2::kRegexpWordBoundary: out_ += isOfLines() && hasEnd_ ? "(?:)" : "\\b"; return;
    case re2::kRegexpNoWordBoundary: out_ += "\\B"; return;
    default: out_ += "(?:)";
  }
}

// Files that were put together have marks in their middle.
void PatternWriter::addBeginOfLine() {
  out_ += "(?m:^)";
  if (isOfLines()) out_ += optionalMark(reading_.encoding);
}

void PatternWriter::addSubs(Regexp* regexp, const char* separator) {
  out_ += "(?:";
  for (int index = 0; index < regexp->nsub(); index += 1) {
    if (index > 0) out_ += separator;
    add(regexp->sub()[index]);
  }
  out_ += ')';
}

void PatternWriter::addRepeat(Regexp* regexp, const std::string& suffix) {
  addSubs(regexp, "");
  out_ += suffix;
}

void PatternWriter::addRune(uint32_t rune, bool ignoresCase) {
  const bool isLetter = rune >= 'a' && rune <= 'z';
  if (ignoresCase && isLetter) return addRanges({{rune - 'a' + 'A', rune - 'a' + 'A'}, {rune, rune}});
  if (rune < kFirstHigh) return appendRune(rune, out_);
  addRanges({{rune, rune}});
}

void PatternWriter::addString(Regexp* regexp) {
  for (int index = 0; index < regexp->nrunes();) {
    if (const size_t taken = addNamedCharacter(regexp, index); taken > 0) {
      index += static_cast<int>(taken);
      continue;
    }
    addRune(static_cast<uint32_t>(regexp->runes()[index]), ignoresCaseOf(regexp));
    index += 1;
  }
}

uint32_t PatternWriter::namedByte(uint32_t rune) const {
  const uint32_t first = reading_.firstNamed;
  return first != 0 && rune >= first && rune < first + kNamedRunes ? rune - first + kFirstHigh : 0;
}

// `\xc3\xbc`: the bytes of a character stand for it. Returns their number; 0 when there is no character.
size_t PatternWriter::addNamedCharacter(Regexp* regexp, int from) {
  std::string bytes;
  for (int index = from; index < std::min(from + 4, regexp->nrunes()); index += 1) {
    const uint32_t byte = namedByte(static_cast<uint32_t>(regexp->runes()[index]));
    if (byte == 0) break;
    bytes += static_cast<char>(byte);
  }
  const size_t count = bytes.empty() ? 0 : characterBytesAt(bytes, 0);
  if (count == 0) return 0;
  out_ += "(?:";
  if (alphabet_ == Alphabet::bytes) {
    for (size_t index = 0; index < count; index += 1) appendRune(static_cast<uint8_t>(bytes[index]), out_);
  } else {
    uint32_t code = static_cast<uint8_t>(bytes[0]) & (0x7fu >> count);
    for (size_t index = 1; index < count; index += 1) code = code << 6 | (static_cast<uint8_t>(bytes[index]) & 0x3f);
    appendRune(code, out_);
  }
  out_ += '|';
  for (size_t index = 0; index < count; index += 1) addRune(static_cast<uint32_t>(regexp->runes()[from + static_cast<int>(index)]), false);
  out_ += ')';
  return count;
}

// A class with this noncharacter was written as `[^…]`: what it names is what it excludes.
void PatternWriter::addClass(Regexp* regexp) {
  re2::CharClass* named = regexp->cc();
  const bool isNegated = alphabet_ == Alphabet::characters && named->Contains(kNoncharacter) && !named->full();
  if (!isNegated) return addRanges(rangesOf(*named));
  re2::CharClass* excluded = named->Negate();
  out_ += "[^";
  appendRanges(withNamedBytes(rangesOf(*excluded)), out_);
  out_ += ']';
  excluded->Delete();
}

PatternWriter::Ranges PatternWriter::rangesOf(re2::CharClass& named) const {
  Ranges ranges;
  for (const re2::RuneRange& range : named) {
    const bool isFolded = range.lo == range.hi && (range.lo == kKelvinSign || range.lo == kLongS);
    if (!(reading_.isAscii && isFolded)) ranges.emplace_back(range.lo, range.hi);
  }
  return ranges;
}

// A rune that names a byte stands for the character and for the byte of its own.
PatternWriter::Ranges PatternWriter::withNamedBytes(const Ranges& ranges) const {
  if (reading_.firstNamed == 0) return ranges;
  const uint32_t lastNamed = reading_.firstNamed + kNamedRunes - 1;
  Ranges result;
  for (const auto& [first, last] : ranges) {
    if (namedByte(first) == 0 || namedByte(last) == 0) result.emplace_back(first, last);
    if (first > lastNamed || last < reading_.firstNamed) continue;
    const uint32_t from = namedByte(std::max(first, reading_.firstNamed));
    const uint32_t to = namedByte(std::min(last, lastNamed));
    result.emplace_back(from, to);
    result.emplace_back(kStrayByteBase + from, kStrayByteBase + to);
  }
  return result;
}

void PatternWriter::addRanges(const Ranges& given) {
  const Ranges ranges = withNamedBytes(given);
  if (alphabet_ == Alphabet::bytes) return addRangesByByte(ranges);
  out_ += '[';
  appendRanges(ranges, out_);
  out_ += ranges.empty() ? "^\\x00-\\x{10ffff}]" : "]";
}

// A single character by its own bytes; of others only whether they are ASCII.
void PatternWriter::addRangesByByte(const Ranges& ranges) {
  const auto isSingle = [](const auto& range) { return range.first == range.second; };
  const auto isHigh = [](const auto& range) { return range.second >= kFirstHigh; };
  std::string ascii;
  for (const auto& [first, last] : ranges) {
    if (first < kFirstHigh) appendRange(first, std::min(last, kFirstHigh - 1), ascii);
  }
  std::vector<std::string> choices;
  if (!ascii.empty()) choices.push_back("[" + ascii + "]");
  if (std::all_of(ranges.begin(), ranges.end(), isSingle) && ranges.size() <= kMostSingles) {
    for (const auto& [rune, last] : ranges) {
      if (rune >= kFirstHigh) choices.push_back(writtenBytesOf(rune));
    }
  } else if (std::any_of(ranges.begin(), ranges.end(), isHigh)) {
    choices.emplace_back("[\\x80-\\xff]+");
  }
  if (choices.empty()) choices.emplace_back("[^\\x00-\\xff]");
  out_ += "(?:";
  for (size_t index = 0; index < choices.size(); index += 1) out_ += (index > 0 ? "|" : "") + choices[index];
  out_ += ')';
}

}  // namespace mig
