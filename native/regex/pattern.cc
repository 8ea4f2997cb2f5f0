#include "regex/pattern.h"

#include <re2/re2.h>
#include <re2/regexp.h>

#include <algorithm>

#include "regex/character_match.h"
#include "regex/pattern_writer.h"
#include "text/composed.h"

namespace mig {

namespace {

// Limit for a pattern's program and automaton caches. Above it RE2 falls back to a slower automaton.
constexpr int64_t kPatternMemoryBytes = 16 << 20;
// A written pattern names every range of its classes.
constexpr size_t kMaxWrittenBytes = 1 << 20;
// A piece of a line with stray bytes is converted in parts. A longer match than their overlap can be missed.
constexpr size_t kPartBytes = 256 * 1024;
constexpr size_t kPartOverlapBytes = 64 * 1024;
// The byte order mark in UTF-8.
constexpr std::string_view kMark = "\xef\xbb\xbf";

RE2::Options optionsFor(Encoding encoding) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(kPatternMemoryBytes);
  options.set_encoding(encoding == Encoding::bytes ? RE2::Options::EncodingLatin1 : RE2::Options::EncodingUTF8);
  return options;
}

std::unique_ptr<RE2> compileRegex(const std::string& pattern, const RE2::Options& options, std::string& error) {
  if (pattern.size() > kMaxWrittenBytes) {
    error = "pattern too large";
    return nullptr;
  }
  auto regex = std::make_unique<RE2>(pattern, options);
  if (regex->ok()) return regex;
  error = regex->error();
  return nullptr;
}

// What a pattern without stray bytes is compiled for: bytes are faster to search, since fewer letters have other forms.
Encoding plainEncoding(const ParsedPattern& parsed) { return parsed.isAscii() ? Encoding::bytes : Encoding::utf8; }

std::unique_ptr<RE2> compileExact(const ParsedPattern& parsed, std::string& error) {
  const Encoding encoding = parsed.matchesStrayBytes() ? Encoding::utf8 : plainEncoding(parsed);
  return compileRegex(parsed.write(Alphabet::characters, Anchors::asWritten, encoding), optionsFor(encoding), error);
}

std::unique_ptr<RE2> compileForLines(const ParsedPattern& parsed, Alphabet alphabet, Encoding encoding, bool matchesEmpty, std::string& error) {
  RE2::Options options = optionsFor(encoding);
  options.set_never_nl(true);
  const std::string written = parsed.write(alphabet, Anchors::ofLines, encoding);
  // An empty line may be a "\r" in the file.
  return compileRegex(matchesEmpty ? written + "|(?m:^)" + optionalMark(encoding) + "(?m:\\r$)" : written, options, error);
}

}  // namespace

Pattern::Pattern(std::unique_ptr<RE2> regex, bool matchesStrayBytes) : regex_(std::move(regex)), matchesStrayBytes_(matchesStrayBytes) {
  bool ignoresCase = false;
  re2::Regexp* rest = nullptr;
  if (!regex_->Regexp()->RequiredPrefix(&prefix_, &ignoresCase, &rest)) return;
  rest->Decref();
  if (ignoresCase) prefix_.clear();
}
Pattern::~Pattern() = default;

std::unique_ptr<Pattern> Pattern::compile(const std::string& pattern, bool caseInsensitive, std::string& error) {
  const auto parsed = ParsedPattern::parse(pattern, caseInsensitive, false, error);
  if (!parsed) return nullptr;
  auto regex = compileExact(*parsed, error);
  if (!regex) return nullptr;
  std::unique_ptr<Pattern> compiled(new Pattern(std::move(regex), parsed->matchesStrayBytes()));
  const std::string composed = toComposed(pattern);
  std::string ignored;
  // It may differ from the pattern in what a repetition repeats; therefore both are tried.
  if (composed != pattern) compiled->composed_ = Pattern::compile(composed, caseInsensitive, ignored);
  return compiled;
}

bool Pattern::matches(std::string_view text) const {
  if (matchesAsWritten(text)) return true;
  const bool isAscii = std::none_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
  if (isAscii && !composed_) return false;
  const std::string composed = toComposed(text);
  return (composed != text && matchesAsWritten(composed)) || (composed_ && composed_->matchesAsWritten(composed));
}

bool Pattern::matchesAsWritten(std::string_view text) const {
  if (text.compare(0, prefix_.size(), prefix_) != 0) return false;
  if (matchesStrayBytes_) return matchesCharacters(*regex_, text);
  return regex_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

LinePattern::~LinePattern() = default;

std::unique_ptr<LinePattern> LinePattern::compile(const std::string& pattern, std::string& error) {
  const auto parsed = ParsedPattern::parse(pattern, false, false, error);
  if (!parsed) return nullptr;
  std::unique_ptr<LinePattern> lines(new LinePattern());
  lines->exact_ = compileExact(*parsed, error);
  if (!lines->exact_) return nullptr;
  lines->maxMatchBytes_ = parsed->maxMatchBytes(1 << 20);
  const bool hasStray = parsed->matchesStrayBytes();
  const bool matchesEmpty = lines->exact_->Match("", 0, 0, RE2::UNANCHORED, nullptr, 0);
  lines->candidate_ = hasStray ? compileForLines(*parsed, Alphabet::bytes, Encoding::bytes, matchesEmpty, error)
                               : compileForLines(*parsed, Alphabet::characters, plainEncoding(*parsed), matchesEmpty, error);
  if (!lines->candidate_) return nullptr;
  if (hasStray) lines->pieces_ = compileForLines(*parsed, Alphabet::characters, Encoding::utf8, matchesEmpty, error);
  if (hasStray && !lines->pieces_) return nullptr;
  lines->literals_ = RequiredLiterals::of(hasStray ? *lines->candidate_ : *lines->exact_);
  return lines;
}

bool LinePattern::matchesLine(std::string_view line) const {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (matchesText(line)) return true;
  return line.substr(0, kMark.size()) == kMark && matchesText(line.substr(kMark.size()));
}

bool LinePattern::matchesText(std::string_view line) const {
  if (pieces_) return matchesCharacters(*exact_, line);
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
  if (!candidate_->Match(re2::StringPiece(piece.data(), piece.size()), from, to, RE2::UNANCHORED, nullptr, 0)) return false;
  if (!pieces_) return true;
  for (size_t at = from; ; at += kPartBytes - kPartOverlapBytes) {
    const size_t end = std::min(to, at + kPartBytes);
    if (findCharacters(*pieces_, piece, at, end) != npos) return true;
    if (end == to) return false;
  }
}

}  // namespace mig
