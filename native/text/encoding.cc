#include "text/encoding.h"

#include <algorithm>
#include <iterator>

#include "text/utf8.h"

namespace mig {

namespace {

constexpr size_t kSampleBytes = 1024;
// Shorter data is no clear text of wide units, and of another script than Latin.
constexpr size_t kMinUnits = 2;
constexpr size_t kMinScriptUnits = 4;
constexpr uint32_t kNoCharacter = 0xfffd;

struct Named {
  std::string_view name;
  TextEncoding encoding;
};
constexpr Named kEncodings[] = {
    {"auto", TextEncoding::automatic},    {"utf-8", TextEncoding::utf8},        {"latin1", TextEncoding::latin1},
    {"windows-1252", TextEncoding::windows1252}, {"utf-16le", TextEncoding::utf16le}, {"utf-16be", TextEncoding::utf16be},
};

struct Mark {
  std::string_view bytes;
  TextEncoding encoding;
};
using namespace std::string_view_literals;
// The mark of UTF-32LE begins with that of UTF-16LE.
constexpr Mark kMarks[] = {
    {"\xff\xfe\0\0"sv, TextEncoding::utf32le}, {"\0\0\xfe\xff"sv, TextEncoding::utf32be}, {"\xef\xbb\xbf"sv, TextEncoding::utf8},
    {"\xff\xfe"sv, TextEncoding::utf16le},     {"\xfe\xff"sv, TextEncoding::utf16be},
};

// 0x80 to 0x9f of windows-1252; its five free bytes stay control characters, as in browsers.
constexpr uint16_t kWindows1252[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                       0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                       0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

size_t unitBytes(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::utf16le:
    case TextEncoding::utf16be: return 2;
    case TextEncoding::utf32le:
    case TextEncoding::utf32be: return 4;
    default: return 1;
  }
}

uint32_t unitOf(std::string_view bytes, TextEncoding encoding) {
  const bool isBigEndian = encoding == TextEncoding::utf16be || encoding == TextEncoding::utf32be;
  uint32_t unit = 0;
  for (size_t index = 0; index < bytes.size(); index += 1) {
    const auto byte = static_cast<uint8_t>(bytes[isBigEndian ? bytes.size() - 1 - index : index]);
    unit |= static_cast<uint32_t>(byte) << 8 * index;
  }
  return unit;
}

bool isHigh(uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool isLow(uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }
bool isPlain(uint32_t unit) { return (unit >= 0x20 && unit < 0x7f) || (unit >= '\t' && unit <= '\r'); }

// Scripts whose texts have few characters of ASCII, by code point. Of CJK also what is written between its characters.
struct Script {
  uint32_t first;
  uint32_t last;
};
constexpr Script kScripts[] = {{0x370, 0x3ff},   {0x400, 0x52f},   {0x590, 0x5ff},   {0x600, 0x6ff},
                               {0x900, 0x97f},   {0xe00, 0xe7f},   {0x3000, 0x9fff}, {0xac00, 0xd7af}};

// What the beginning of a text is made of, in one of the encodings without a mark.
struct Tally {
  size_t units = 0;
  size_t plain = 0;
  size_t lineFeeds = 0;
  size_t withOtherBytes = 0;  // units with a byte that is no ASCII text
  size_t inScript[std::size(kScripts)] = {};
};

bool hasOtherByte(std::string_view unit) {
  return std::any_of(unit.begin(), unit.end(), [](char byte) { return byte != 0 && !isPlain(static_cast<uint8_t>(byte)); });
}

// False if it is no text.
bool count(uint32_t unit, std::string_view bytes, Tally& tally) {
  tally.units += 1;
  if (isPlain(unit)) {
    tally.plain += 1;
    tally.lineFeeds += unit == '\n' ? 1 : 0;
    return true;
  }
  const bool isWide = bytes.size() == 4;
  if (unit < 0xa0 || (unit & 0xfffe) == 0xfffe || unit > 0x10ffff || (isWide && (isHigh(unit) || isLow(unit)))) return false;
  tally.withOtherBytes += hasOtherByte(bytes) ? 1 : 0;
  for (size_t index = 0; index < std::size(kScripts); index += 1) {
    if (unit >= kScripts[index].first && unit <= kScripts[index].last) tally.inScript[index] += 1;
  }
  return true;
}

// Half of it ASCII; or lines of one script. The latter in bytes that are no ASCII text: pairs of its letters would be
// CJK, too.
bool isClear(const Tally& tally) {
  if (tally.units < kMinUnits) return false;
  if (tally.plain * 2 >= tally.units) return true;
  const size_t others = tally.units - tally.plain;
  const size_t most = *std::max_element(std::begin(tally.inScript), std::end(tally.inScript));
  return tally.lineFeeds > 0 && others >= kMinScriptUnits && most * 4 >= others * 3 && tally.withOtherBytes * 4 >= others;
}

bool isClearText(std::string_view head, TextEncoding encoding) {
  const size_t bytes = unitBytes(encoding);
  const size_t units = std::min(head.size(), kSampleBytes) / bytes;
  Tally tally;
  bool wantsLow = false;
  for (size_t index = 0; index < units; index += 1) {
    const std::string_view unit = head.substr(index * bytes, bytes);
    const uint32_t value = unitOf(unit, encoding);
    if (bytes == 2 && wantsLow != isLow(value)) return false;
    wantsLow = isHigh(value);
    if (!count(value, unit, tally)) return false;
  }
  return isClear(tally);
}

}  // namespace

bool parseTextEncoding(std::string_view name, TextEncoding& encoding) {
  const auto* found = std::find_if(std::begin(kEncodings), std::end(kEncodings), [&](const Named& one) { return one.name == name; });
  if (found == std::end(kEncodings)) return false;
  encoding = found->encoding;
  return true;
}

TextStart textStartOf(std::string_view head, TextEncoding encoding) {
  for (const Mark& mark : kMarks) {
    const bool isWanted = encoding == TextEncoding::automatic || encoding == mark.encoding;
    if (isWanted && head.substr(0, mark.bytes.size()) == mark.bytes) return {mark.encoding, mark.bytes.size()};
  }
  if (encoding != TextEncoding::automatic) return {encoding, 0};
  // A clear text has a character of ASCII, so that one of its first bytes is 0: nearly all files are told apart here.
  if (head.substr(0, kSampleBytes).find('\0') == std::string_view::npos) return {};
  for (const TextEncoding wide : {TextEncoding::utf32le, TextEncoding::utf32be, TextEncoding::utf16le, TextEncoding::utf16be}) {
    if (isClearText(head, wide)) return {wide, 0};
  }
  return {};
}

void TextDecoder::start(TextEncoding encoding) {
  encoding_ = encoding;
  cutBytes_ = 0;
  high_ = 0;
}

size_t TextDecoder::decode(std::string_view& input, bool last, uint8_t* out, size_t capacity) {
  std::string character;
  size_t written = 0;
  uint32_t unit = 0;
  while (capacity - written >= kMaxStepBytes && takeUnit(input, last, unit)) {
    if (unit < 0x80 && high_ == 0) {
      out[written] = static_cast<uint8_t>(unit);
      written += 1;
      continue;
    }
    character.clear();
    if (high_ != 0 && !isLow(unit)) appendCodePoint(kNoCharacter, character);
    if (isHigh(unit) && unitBytes(encoding_) == 2) high_ = unit;
    else appendCodePoint(toCodePoint(unit), character);
    written += character.copy(reinterpret_cast<char*>(out) + written, character.size());
  }
  return written;
}

// Ends the text with a replacement for a unit or a pair that is not whole.
bool TextDecoder::takeUnit(std::string_view& input, bool last, uint32_t& unit) {
  const size_t bytes = unitBytes(encoding_);
  while (cutBytes_ < bytes && !input.empty()) {
    cut_[cutBytes_] = static_cast<uint8_t>(input[0]);
    cutBytes_ += 1;
    input.remove_prefix(1);
  }
  if (cutBytes_ < bytes) {
    if (!last || (cutBytes_ == 0 && high_ == 0)) return false;
    cutBytes_ = 0;
    // An unpaired half is replaced by decode(), as before any other unit.
    unit = kNoCharacter;
    if (high_ != 0) high_ = 0;
    return true;
  }
  cutBytes_ = 0;
  unit = unitOf({reinterpret_cast<const char*>(cut_), bytes}, encoding_);
  return true;
}

uint32_t TextDecoder::toCodePoint(uint32_t unit) {
  if (encoding_ == TextEncoding::windows1252 && unit >= 0x80 && unit < 0xa0) return kWindows1252[unit - 0x80];
  if (high_ != 0 && isLow(unit)) {
    unit = 0x10000 + ((high_ & 0x3ff) << 10) + (unit & 0x3ff);
  } else if (isHigh(unit) || isLow(unit) || unit > 0x10ffff) {
    unit = kNoCharacter;
  }
  high_ = 0;
  return unit;
}

}  // namespace mig
