#include "regex/capture_pattern.h"

#include <re2/re2.h>

#include "text/utf8.h"

namespace mig {

namespace {

constexpr int64_t kMemoryBytes = 16 << 20;
// More groups than patterns of people have.
constexpr int kMaxGroups = 32;

}  // namespace

CapturePattern::CapturePattern(std::unique_ptr<re2::RE2> regex) : regex_(std::move(regex)) {}
CapturePattern::~CapturePattern() = default;

std::unique_ptr<CapturePattern> CapturePattern::compile(const std::string& pattern, std::string& error) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemoryBytes);
  auto regex = std::make_unique<re2::RE2>(pattern, options);
  if (!regex->ok()) {
    error = regex->error();
    return nullptr;
  }
  if (regex->NumberOfCapturingGroups() > kMaxGroups) {
    error = "too many groups";
    return nullptr;
  }
  return std::unique_ptr<CapturePattern>(new CapturePattern(std::move(regex)));
}

void CapturePattern::captureLine(std::string_view line, std::vector<std::string>& captures) const {
  const size_t groups = static_cast<size_t>(regex_->NumberOfCapturingGroups());
  std::vector<re2::StringPiece> matches(groups + 1);
  if (!regex_->Match(re2::StringPiece(line.data(), line.size()), 0, line.size(), re2::RE2::UNANCHORED, matches.data(), static_cast<int>(matches.size())))
    return;
  for (size_t group = 1; group <= groups; group += 1) captures.emplace_back(matches[group].data() == nullptr ? "" : std::string(matches[group].data(), matches[group].size()));
}

std::vector<std::string> CapturePattern::capture(std::string_view text, size_t most) const {
  std::vector<std::string> captures;
  while (!text.empty() && captures.size() <= most) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (isUtf8(line)) {
      captureLine(line, captures);
      continue;
    }
    std::string characters;
    appendCharacters(line, characters);
    captureLine(characters, captures);
  }
  if (captures.size() > most) captures.resize(most + 1);
  return captures;
}

}  // namespace mig
