#include "journal/group_pattern.h"

#include <re2/re2.h>

#include <vector>

#include "regex/secret_name.h"
#include "text/utf8.h"

namespace mig::journal {

namespace {

constexpr int64_t kPatternMemoryBytes = 16 << 20;

std::unique_ptr<RE2> compileFor(RE2::Options::Encoding encoding, const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemoryBytes);
  options.set_encoding(encoding);
  return std::make_unique<RE2>(pattern, options);
}

bool isNamedNumber(const RE2& regex, int group) {
  const auto& names = regex.CapturingGroupNames();
  const auto named = names.find(group);
  return named != names.end() && named->second == "number";
}

}  // namespace

GroupPattern::GroupPattern(std::unique_ptr<RE2> characters, std::unique_ptr<RE2> bytes, int group)
    : characters_(std::move(characters)), bytes_(std::move(bytes)), group_(group), isNumber_(isNamedNumber(*characters_, group)) {}
GroupPattern::~GroupPattern() = default;

std::unique_ptr<GroupPattern> GroupPattern::compile(const std::string& pattern, int group, std::string& error) {
  auto characters = compileFor(RE2::Options::EncodingUTF8, pattern);
  auto bytes = compileFor(RE2::Options::EncodingLatin1, pattern);
  for (const RE2* regex : {characters.get(), bytes.get()}) {
    if (!regex->ok()) {
      error = regex->error();
      return nullptr;
    }
  }
  if (group < 1 || group > characters->NumberOfCapturingGroups()) {
    error = "expected a capture group from 1 to " + std::to_string(characters->NumberOfCapturingGroups()) + ", got " + std::to_string(group);
    return nullptr;
  }
  return std::unique_ptr<GroupPattern>(new GroupPattern(std::move(characters), std::move(bytes), group));
}

bool GroupPattern::find(std::string_view text, std::string_view& value) const {
  const RE2& regex = isUtf8(text) ? *characters_ : *bytes_;
  std::vector<re2::StringPiece> groups(static_cast<size_t>(group_) + 1);
  const re2::StringPiece piece(text.data(), text.size());
  if (!regex.Match(piece, 0, text.size(), RE2::UNANCHORED, groups.data(), group_ + 1)) return false;
  const re2::StringPiece& found = groups.back();
  // A group that took no part in the match has no place in the text.
  if (found.data() == nullptr) return false;
  value = {found.data(), found.size()};
  if (isNumber_ && endsInSecret(text.substr(0, static_cast<size_t>(value.data() - text.data())))) value = {};
  return true;
}

}  // namespace mig::journal
