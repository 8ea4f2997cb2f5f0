#include "regex/pattern.h"

#include <re2/re2.h>
#include <re2/regexp.h>

#include <vector>

namespace mig {

namespace {

// Limit for a pattern's program and automaton caches. Above it RE2 falls back to a slower automaton.
constexpr int64_t kPatternMemoryBytes = 16 << 20;

RE2::Options optionsFor(bool latin1, bool caseInsensitive) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_case_sensitive(!caseInsensitive);
  options.set_max_mem(kPatternMemoryBytes);
  options.set_encoding(latin1 ? RE2::Options::EncodingLatin1 : RE2::Options::EncodingUTF8);
  return options;
}

bool isHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// `\C` is one byte of a character: Go refuses it, and it could match a line end.
bool hasAnyByte(const std::string& canonical) {
  for (size_t index = 0; index + 1 < canonical.size(); index += 1) {
    if (canonical[index] != '\\') continue;
    if (canonical[index + 1] == 'C') return true;
    index += 1;
  }
  return false;
}

// Converts the canonical text of a parsed pattern, where text anchors are `(?-m:^)`, `(?-m:$)` and `\z`, into a pattern
// that finds candidates in many lines at once: every anchor becomes a line anchor, and a "\r" may precede the line end.
// A word boundary at the line's end would fail after the "\r", so it is left to the confirmation.
class CandidateWriter {
 public:
  explicit CandidateWriter(std::string_view canonical) : rest_(canonical) {}

  std::string write(bool matchesEmpty) {
    while (!rest_.empty()) writeNext();
    std::string text = "(?ms)";
    for (const std::string_view part : parts_) text += hasEnd_ && part == "\\b" ? std::string_view("(?:)") : part;
    // An empty line may be a "\r" in the file.
    return hasEnd_ && matchesEmpty ? text + "|^\\r$" : text;
  }

 private:
  bool startsWith(std::string_view prefix) const { return rest_.substr(0, prefix.size()) == prefix; }

  void take(size_t bytes, std::string_view replacement) {
    parts_.push_back(replacement);
    rest_.remove_prefix(bytes);
  }

  void takeEnd(size_t bytes) {
    hasEnd_ = true;
    take(bytes, "(?:\\r?$)");
  }

  void writeNext() {
    if (rest_[0] == '\\') {
      if (!inClass_ && startsWith("\\z")) return takeEnd(2);
      return take(2, rest_.substr(0, 2));
    }
    if (inClass_) {
      inClass_ = rest_[0] != ']';
    } else {
      if (startsWith("(?-m:^)")) return take(7, "^");
      if (startsWith("(?-m:$)")) return takeEnd(7);
      if (rest_[0] == '$') return takeEnd(1);
      inClass_ = rest_[0] == '[';
    }
    take(1, rest_.substr(0, 1));
  }

  std::string_view rest_;
  std::vector<std::string_view> parts_;
  bool inClass_ = false;
  bool hasEnd_ = false;
};

std::unique_ptr<RE2> compileRegex(const std::string& pattern, const RE2::Options& options, std::string& error) {
  if (pattern.size() > kMaxPatternBytes * 8) {
    error = "pattern too large";
    return nullptr;
  }
  auto regex = std::make_unique<RE2>(pattern, options);
  if (regex->ok()) return regex;
  error = regex->error();
  return nullptr;
}

bool checkLength(const std::string& pattern, std::string& error) {
  if (!pattern.empty() && pattern.size() <= kMaxPatternBytes) return true;
  error = pattern.empty() ? "expected a pattern, got an empty one" : "expected a pattern of at most 4096 bytes";
  return false;
}

}  // namespace

bool needsUtf8(const std::string& pattern) {
  for (size_t index = 0; index < pattern.size(); index += 1) {
    if (static_cast<unsigned char>(pattern[index]) >= 0x80) return true;
    if (pattern[index] != '\\' || index + 1 >= pattern.size()) continue;
    index += 1;
    if (pattern[index] == 'p' || pattern[index] == 'P') return true;
    if (pattern[index] == 'x' && index + 1 < pattern.size() && pattern[index + 1] == '{') {
      size_t end = index + 2;
      while (end < pattern.size() && (pattern[end] == '0')) end += 1;
      size_t digits = 0;
      while (end + digits < pattern.size() && isHexDigit(pattern[end + digits])) digits += 1;
      if (digits > 2) return true;
    }
  }
  return false;
}

Pattern::Pattern(std::unique_ptr<RE2> regex) : regex_(std::move(regex)) {
  bool ignoresCase = false;
  re2::Regexp* rest = nullptr;
  if (!regex_->Regexp()->RequiredPrefix(&prefix_, &ignoresCase, &rest)) return;
  rest->Decref();
  if (ignoresCase) prefix_.clear();
}
Pattern::~Pattern() = default;

std::unique_ptr<Pattern> Pattern::compile(const std::string& pattern, bool caseInsensitive, std::string& error) {
  if (!checkLength(pattern, error)) return nullptr;
  auto regex = compileRegex(pattern, optionsFor(!needsUtf8(pattern), caseInsensitive), error);
  if (!regex) return nullptr;
  return std::unique_ptr<Pattern>(new Pattern(std::move(regex)));
}

bool Pattern::matches(std::string_view text) const {
  if (text.compare(0, prefix_.size(), prefix_) != 0) return false;
  return regex_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

LinePattern::LinePattern(std::unique_ptr<RE2> exact, std::unique_ptr<RE2> candidate)
    : exact_(std::move(exact)), candidate_(std::move(candidate)), literals_(RequiredLiterals::of(*exact_)) {}
LinePattern::~LinePattern() = default;

std::unique_ptr<LinePattern> LinePattern::compile(const std::string& pattern, std::string& error) {
  if (!checkLength(pattern, error)) return nullptr;
  RE2::Options options = optionsFor(!needsUtf8(pattern), false);
  auto exact = compileRegex(pattern, options, error);
  if (!exact) return nullptr;
  const std::string canonical = exact->Regexp()->ToString();
  if (hasAnyByte(canonical)) {
    error = "invalid escape sequence: \\C";
    return nullptr;
  }
  options.set_never_nl(true);
  const bool matchesEmpty = exact->Match("", 0, 0, RE2::UNANCHORED, nullptr, 0);
  auto candidate = compileRegex(CandidateWriter(canonical).write(matchesEmpty), options, error);
  if (!candidate) return nullptr;
  return std::unique_ptr<LinePattern>(new LinePattern(std::move(exact), std::move(candidate)));
}

bool LinePattern::matchesLine(std::string_view line) const {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return exact_->Match(re2::StringPiece(line.data(), line.size()), 0, line.size(), RE2::UNANCHORED, nullptr, 0);
}

size_t LinePattern::findCandidate(std::string_view text, size_t from) const {
  if (literals_) return literals_->find(text, from, text.size());
  re2::StringPiece found;
  const re2::StringPiece piece(text.data(), text.size());
  if (!candidate_->Match(piece, from, text.size(), RE2::UNANCHORED, &found, 1)) return npos;
  return static_cast<size_t>(found.data() - text.data());
}

bool LinePattern::matchesPiece(std::string_view piece, size_t from, size_t to) const {
  if (literals_ && literals_->find(piece, from, to) == npos) return false;
  return candidate_->Match(re2::StringPiece(piece.data(), piece.size()), from, to, RE2::UNANCHORED, nullptr, 0);
}

}  // namespace mig
