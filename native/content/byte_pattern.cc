#include "content/byte_pattern.h"

#include <algorithm>

namespace mig {

namespace {

constexpr size_t kMaxBytes = 4096;

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::unique_ptr<BytePattern> BytePattern::parse(const std::string& text) {
  if (text.empty() || text.size() % 2 != 0 || text.size() / 2 > kMaxBytes) return nullptr;
  auto pattern = std::make_unique<BytePattern>();
  for (size_t index = 0; index < text.size(); index += 2) {
    const int high = hexValue(text[index]);
    const int low = hexValue(text[index + 1]);
    const bool wildcard = text[index] == '?' && text[index + 1] == '?';
    if (!wildcard && (high < 0 || low < 0)) return nullptr;
    pattern->bytes_.push_back(wildcard ? 0 : static_cast<uint8_t>(high * 16 + low));
    pattern->known_.push_back(!wildcard);
  }
  const auto& known = pattern->known_;
  if (std::find(known.begin(), known.end(), true) == known.end()) return nullptr;
  pattern->pair_ = BytePair::ofRarest(pattern->bytes_, known);
  return pattern;
}

bool BytePattern::isAt(const uint8_t* data) const {
  for (size_t index = 0; index < bytes_.size(); index += 1) {
    if (known_[index] && data[index] != bytes_[index]) return false;
  }
  return true;
}

const uint8_t* BytePattern::find(const uint8_t* data, size_t sizeBytes) const {
  if (sizeBytes < bytes_.size()) return nullptr;
  const uint8_t* end = data + (sizeBytes - bytes_.size() + 1);
  for (const uint8_t* at = pair_.find(data, end); at < end; at = pair_.find(at + 1, end)) {
    if (isAt(at)) return at;
  }
  return nullptr;
}

}  // namespace mig
