#include "memory/memory_pattern.h"

#include <re2/re2.h>
#include <re2/regexp.h>

#include <algorithm>

#include "regex/pattern.h"

namespace mig {

namespace {

using re2::Regexp;

// RE2's slowest engine takes about 6 ns per byte and instruction of the pattern: 50 ms at most.
constexpr size_t kStepWork = 8 << 20;

// Checks the parsed pattern for unsupported parts and computes the longest match.
class Shape {
 public:
  Shape(Regexp* regexp, bool isUtf8) : characterBytes_(isUtf8 ? 4 : 1), maxBytes_(measure(regexp)) {}
  bool hasTextAnchor() const { return hasTextAnchor_; }
  bool hasAnyByte() const { return hasAnyByte_; }
  size_t maxBytes() const { return maxBytes_; }

 private:
  static size_t bounded(size_t bytes) { return std::min(bytes, MemoryPattern::kMaxMatchBytes); }

  // RE2 refuses patterns nested deeper than 1000 levels.
  size_t measure(Regexp* regexp) {
    switch (regexp->op()) {
      case re2::kRegexpLiteral:
      case re2::kRegexpAnyChar:
      case re2::kRegexpCharClass:
        return characterBytes_;
      case re2::kRegexpLiteralString:
        return bounded(static_cast<size_t>(regexp->nrunes()) * characterBytes_);
      case re2::kRegexpAnyByte:
        hasAnyByte_ = true;
        return 1;
      case re2::kRegexpBeginText:
      case re2::kRegexpEndText:
        hasTextAnchor_ = true;
        return 0;
      case re2::kRegexpConcat:
      case re2::kRegexpAlternate:
        return measureSubs(regexp);
      case re2::kRegexpStar:
      case re2::kRegexpPlus:
        measureSubs(regexp);
        return MemoryPattern::kMaxMatchBytes;
      case re2::kRegexpRepeat: {
        const size_t once = measureSubs(regexp);
        return regexp->max() < 0 ? MemoryPattern::kMaxMatchBytes : bounded(once * static_cast<size_t>(regexp->max()));
      }
      case re2::kRegexpQuest:
      case re2::kRegexpCapture:
        return measureSubs(regexp);
      default:
        return 0;
    }
  }

  size_t measureSubs(Regexp* regexp) {
    size_t bytes = 0;
    for (int index = 0; index < regexp->nsub(); index += 1) {
      const size_t sub = measure(regexp->sub()[index]);
      bytes = regexp->op() == re2::kRegexpAlternate ? std::max(bytes, sub) : bounded(bytes + sub);
    }
    return bytes;
  }

  bool hasTextAnchor_ = false;
  bool hasAnyByte_ = false;
  const size_t characterBytes_;
  const size_t maxBytes_;
};

RE2::Options optionsFor(bool isUtf8, size_t cacheBytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(static_cast<int64_t>(cacheBytes));
  options.set_encoding(isUtf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

MemoryPattern::MemoryPattern(std::unique_ptr<re2::RE2> regex, size_t maxMatchBytes)
    : regex_(std::move(regex)), literals_(RequiredLiterals::of(*regex_)), maxMatchBytes_(maxMatchBytes),
      stepBytes_(std::max(kStepWork / static_cast<size_t>(std::max(regex_->ProgramSize(), 1)), 2 * maxMatchBytes)) {}
MemoryPattern::~MemoryPattern() = default;

std::unique_ptr<MemoryPattern> MemoryPattern::compile(const std::string& pattern, size_t cacheBytes, std::string& error) {
  error.clear();
  if (pattern.empty() || pattern.size() > kMaxPatternBytes) {
    error = "expected a pattern of 1 to 4096 bytes";
    return nullptr;
  }
  const bool isUtf8 = needsUtf8(pattern);
  // Errors quote the pattern as the user wrote it.
  RE2 plain(pattern, optionsFor(isUtf8, cacheBytes));
  if (!plain.ok()) {
    error = plain.error();
    return nullptr;
  }
  auto regex = std::make_unique<RE2>("(?m)" + pattern, optionsFor(isUtf8, cacheBytes));
  if (!regex->ok()) {
    error = regex->error();
    return nullptr;
  }
  const Shape shape(regex->Regexp(), isUtf8);
  if (shape.hasTextAnchor()) error = "expected no \\A, \\z or (?-m): memory has no first and no last byte";
  if (shape.hasAnyByte()) error = "invalid escape sequence: \\C";
  if (regex->Match("", 0, 0, RE2::UNANCHORED, nullptr, 0)) error = "expected a pattern that does not match the empty text";
  if (!error.empty()) return nullptr;
  return std::unique_ptr<MemoryPattern>(new MemoryPattern(std::move(regex), shape.maxBytes()));
}

size_t MemoryPattern::match(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const {
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece found;
  while (from < to && !stop.load(std::memory_order_relaxed)) {
    const size_t end = std::min(to, from + stepBytes_);
    if (regex_->Match(whole, from, end, RE2::UNANCHORED, &found, 1)) return static_cast<size_t>(found.data() - text.data());
    if (end == to) break;
    // A match that begins before the end of the step may end after it.
    from = end - maxMatchBytes_;
  }
  return npos;
}

size_t MemoryPattern::find(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const {
  return literals_ ? findByLiterals(text, from, to, stop) : match(text, from, to, stop);
}

// A match contains a literal and reaches at most maxMatchBytes_ to either side of it. Overlapping ranges around
// literals are matched as one, so that no byte is matched twice.
size_t MemoryPattern::findByLiterals(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const {
  size_t at = from < to ? literals_->find(text, from, to) : npos;
  while (at != npos) {
    const size_t start = at - std::min(at - from, maxMatchBytes_);
    size_t end = std::min(to, at + maxMatchBytes_);
    at = literals_->find(text, at + 1, to);
    while (at != npos && at - std::min(at, maxMatchBytes_) <= end) {
      end = std::min(to, at + maxMatchBytes_);
      at = literals_->find(text, at + 1, to);
    }
    if (const size_t found = match(text, start, end, stop); found != npos) return found;
  }
  return npos;
}

}  // namespace mig
