#include "textlog/capture.h"

#include <re2/re2.h>

#include "regex/parsed_pattern.h"
#include "regex/secret_name.h"

namespace mig::textlog {

namespace {

constexpr int64_t kCaptureMemoryBytes = 16 << 20;

}  // namespace

Capture::Capture(std::unique_ptr<RE2> regex, bool isNumber) : regex_(std::move(regex)), isNumber_(isNumber) {}
Capture::~Capture() = default;

std::unique_ptr<Capture> Capture::compile(const std::string& pattern, const std::string& name, std::string& error) {
  if (pattern.size() > kMaxPatternBytes) {
    error = "pattern too large";
    return nullptr;
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kCaptureMemoryBytes);
  auto regex = std::make_unique<RE2>(pattern, options);
  if (!regex->ok()) {
    error = regex->error();
    return nullptr;
  }
  const auto& names = regex->CapturingGroupNames();
  if (regex->NumberOfCapturingGroups() != 1 || names.size() != 1 || names.begin()->second != name) {
    error = "expected one capture of the name " + name;
    return nullptr;
  }
  return std::unique_ptr<Capture>(new Capture(std::move(regex), name == "number"));
}

bool Capture::find(std::string_view line, std::string_view& value) const {
  re2::StringPiece found[2];
  if (!regex_->Match(re2::StringPiece(line.data(), line.size()), 0, line.size(), RE2::UNANCHORED, found, 2)) return false;
  if (found[1].data() == nullptr) return false;
  value = {found[1].data(), found[1].size()};
  if (isNumber_ && endsInSecret(line.substr(0, static_cast<size_t>(value.data() - line.data())))) value = {};
  return true;
}

}  // namespace mig::textlog
