#include "journal/byte_source.h"

#include <algorithm>

namespace mig::journal {

const uint8_t* Window::load(uint64_t offset, size_t count) {
  if (offset > source_.sizeBytes() || count > source_.sizeBytes() - offset) return nullptr;
  const auto behind = static_cast<size_t>(std::min<uint64_t>(behindBytes_, offset));
  const auto wanted = static_cast<size_t>(std::min<uint64_t>(std::max(behind + count, capacityBytes_), source_.sizeBytes() - (offset - behind)));
  if (wanted != buffer_.size()) buffer_ = std::vector<uint8_t>(wanted);
  start_ = offset - behind;
  filled_ = source_.read(start_, buffer_.data(), wanted);
  return behind + count <= filled_ ? buffer_.data() + behind : nullptr;
}

}  // namespace mig::journal
