#include "journal/byte_source.h"

#include <algorithm>

namespace mig::journal {

const uint8_t* Window::load(uint64_t offset, size_t count) {
  if (offset > source_.sizeBytes() || count > source_.sizeBytes() - offset) return nullptr;
  const size_t wanted = std::max(count, capacityBytes_);
  if (wanted != buffer_.size()) buffer_ = std::vector<uint8_t>(wanted);
  start_ = offset;
  filled_ = source_.read(offset, buffer_.data(), wanted);
  return count <= filled_ ? buffer_.data() : nullptr;
}

}  // namespace mig::journal
