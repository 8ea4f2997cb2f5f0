#include "memory/memory_pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "regex/character_match.h"
#include "regex/parsed_pattern.h"

namespace mig {

namespace {

// RE2's slowest engine takes about 6 ns per byte and instruction of the pattern: 50 ms at most.
constexpr size_t kStepWork = 8 << 20;
// Bytes that are matched by character at once.
constexpr size_t kConvertedBytes = 64 * 1024;

RE2::Options optionsForMemory(bool isUtf8, size_t cacheBytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(static_cast<int64_t>(cacheBytes));
  options.set_encoding(isUtf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

MemoryPattern::MemoryPattern(std::unique_ptr<RE2> regex, std::unique_ptr<RE2> characters, size_t maxMatchBytes)
    : regex_(std::move(regex)), characters_(std::move(characters)), literals_(RequiredLiterals::of(*regex_)), maxMatchBytes_(maxMatchBytes),
      stepBytes_(std::max(kStepWork / static_cast<size_t>(std::max(regex_->ProgramSize(), 1)), 2 * maxMatchBytes)) {}
MemoryPattern::~MemoryPattern() = default;

std::unique_ptr<MemoryPattern> MemoryPattern::compile(const std::string& pattern, size_t cacheBytes, std::string& error) {
  error.clear();
  const auto parsed = ParsedPattern::parse(pattern, false, true, error);
  if (!parsed) return nullptr;
  if (parsed->hasTextAnchor()) error = "expected no \\A, \\z or (?-m): memory has no first and no last byte";
  if (!error.empty()) return nullptr;
  const auto compileFor = [&](Alphabet alphabet, bool isUtf8) {
    auto regex = std::make_unique<RE2>(parsed->write(alphabet, Anchors::asWritten, isUtf8 ? Encoding::utf8 : Encoding::bytes), optionsForMemory(isUtf8, cacheBytes));
    if (!regex->ok()) error = regex->error();
    return regex;
  };
  const bool hasStray = parsed->matchesStrayBytes();
  auto regex = hasStray ? compileFor(Alphabet::bytes, false) : compileFor(Alphabet::characters, !parsed->isAscii());
  auto characters = hasStray ? compileFor(Alphabet::characters, true) : nullptr;
  if (error.empty() && regex->Match("", 0, 0, RE2::UNANCHORED, nullptr, 0)) error = "expected a pattern that does not match the empty text";
  if (!error.empty()) return nullptr;
  return std::unique_ptr<MemoryPattern>(new MemoryPattern(std::move(regex), std::move(characters), parsed->maxMatchBytes(kMaxMatchBytes)));
}

size_t MemoryPattern::match(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const {
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece found;
  while (from < to && !stop.load(std::memory_order_relaxed)) {
    size_t end = std::min(to, from + stepBytes_);
    if (regex_->Match(whole, from, end, RE2::UNANCHORED, &found, 1)) {
      const auto at = static_cast<size_t>(found.data() - text.data());
      if (!characters_) return at;
      // The bytes may be no match by character; then a later one may be.
      end = std::min(to, at + std::max(kConvertedBytes, 2 * maxMatchBytes_));
      if (const size_t exact = findCharacters(*characters_, text, at, end); exact != npos) return exact;
    }
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
