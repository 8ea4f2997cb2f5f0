#include "text/encoding.h"

#include <algorithm>

#include "text/utf8.h"

namespace mig {

namespace {

constexpr size_t kSampleBytes = 1024;
// Shorter data is no clear UTF-16.
constexpr size_t kMinUnits = 2;
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

bool isHigh(uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool isLow(uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }
bool isPlain(uint32_t unit) { return (unit >= 0x20 && unit < 0x7f) || (unit >= '\t' && unit <= '\r'); }

bool isClearUtf16(std::string_view head, bool isBigEndian) {
  const size_t units = std::min(head.size(), kSampleBytes) / 2;
  size_t plain = 0;
  bool wantsLow = false;
  for (size_t index = 0; index < units; index += 1) {
    const auto first = static_cast<uint8_t>(head[2 * index]);
    const auto second = static_cast<uint8_t>(head[2 * index + 1]);
    const uint32_t unit = isBigEndian ? first << 8u | second : second << 8u | first;
    if (wantsLow != isLow(unit)) return false;
    wantsLow = isHigh(unit);
    if (isPlain(unit)) plain += 1;
    else if (unit < 0xa0 || unit >= 0xfffe) return false;
  }
  return units >= kMinUnits && plain * 2 >= units;
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
  // Half of a clear text is ASCII, so that one of its first bytes is 0: nearly all files are told apart here.
  if (head.substr(0, kSampleBytes).find('\0') == std::string_view::npos) return {};
  if (isClearUtf16(head, false)) return {TextEncoding::utf16le, 0};
  if (isClearUtf16(head, true)) return {TextEncoding::utf16be, 0};
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
  const bool isBigEndian = encoding_ == TextEncoding::utf16be || encoding_ == TextEncoding::utf32be;
  unit = 0;
  for (size_t index = 0; index < bytes; index += 1) unit |= static_cast<uint32_t>(cut_[isBigEndian ? bytes - 1 - index : index]) << 8 * index;
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
