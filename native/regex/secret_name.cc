#include "regex/secret_name.h"

#include <re2/re2.h>

#include <algorithm>

namespace mig {

namespace {

// A name and what stands between it and its value.
constexpr size_t kMostBytes = 256;
constexpr char kSecret[] =
    R"((?i)(?:passw(?:or)?d|passphrase|passcode|secret|token|api[_-]?key|\bpwd|\bpass|\b(?:pin|otp|cvv|cvc)(?:[ _-]?code)?))"
    R"([\w.-]*["']?(?:\s{0,8}[:=]\s{0,8}|\s{1,8}(?:is\s{1,8})?)["']?\S*$)";

const re2::RE2& secretPattern() {
  static const re2::RE2 pattern(kSecret, re2::RE2::Latin1);
  return pattern;
}

}  // namespace

bool endsInSecret(std::string_view text) {
  const std::string_view end = text.substr(text.size() - std::min(text.size(), kMostBytes));
  return re2::RE2::PartialMatch(re2::StringPiece(end.data(), end.size()), secretPattern());
}

}  // namespace mig
