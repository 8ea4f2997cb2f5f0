#include "journal/payload.h"

#include <algorithm>

#include "journal/format.h"
#include "journal/lz4_block.h"

namespace mig::journal {

namespace {

// What other processes take and give at a time.
constexpr size_t kPartBytes = 64 * 1024;
// In front of an LZ4 block: the unpacked size.
constexpr size_t kLz4SizeBytes = 8;

std::string_view textOf(const std::vector<uint8_t>& bytes, size_t count) { return {reinterpret_cast<const char*>(bytes.data()), count}; }

}  // namespace

PayloadOutcome PayloadUnpacker::unpack(uint8_t compression, const uint8_t* packed, size_t sizeBytes, std::string_view& payload) {
  plainBytes_ = 0;
  PayloadOutcome outcome = PayloadOutcome::unreadable;
  if (compression == kLz4) outcome = unpackLz4(packed, sizeBytes);
  else if (compression == kZstd) outcome = unpackStream(PackFormat::zstd, packed, sizeBytes);
  else if (compression == kXz) outcome = unpackStream(PackFormat::xz, packed, sizeBytes);
  payload = textOf(plain_, plainBytes_);
  return outcome;
}

PayloadOutcome PayloadUnpacker::unpackLz4(const uint8_t* packed, size_t sizeBytes) {
  if (sizeBytes < kLz4SizeBytes) return PayloadOutcome::unreadable;
  const uint64_t plainBytes = number64(packed);
  if (plainBytes > kMostPayloadBytes) return PayloadOutcome::unreadable;
  plainBytes_ = static_cast<size_t>(plainBytes);
  plain_.resize(std::max(plain_.size(), plainBytes_));
  if (!unpackLz4Block(packed + kLz4SizeBytes, sizeBytes - kLz4SizeBytes, plain_.data(), plainBytes_)) return PayloadOutcome::unreadable;
  return judge_.wants(textOf(plain_, plainBytes_)) ? PayloadOutcome::whole : PayloadOutcome::unwanted;
}

PayloadOutcome PayloadUnpacker::unpackStream(PackFormat format, const uint8_t* packed, size_t sizeBytes) {
  unpacker_.start(format);
  for (size_t at = 0; at < sizeBytes; at += kPartBytes) {
    unpacker_.setInput(packed + at, std::min(kPartBytes, sizeBytes - at));
    for (size_t count = 1; count > 0; plainBytes_ += count) {
      if (plainBytes_ >= Judge::kNameBytes && !judge_.wants(textOf(plain_, plainBytes_))) return PayloadOutcome::unwanted;
      if (plainBytes_ > kMostPayloadBytes) return PayloadOutcome::unreadable;
      plain_.resize(std::max(plain_.size(), plainBytes_ + kPartBytes));
      count = unpacker_.unpack(plain_.data() + plainBytes_, kPartBytes);
    }
  }
  const UnpackState state = unpacker_.state();
  const bool isWhole = (state == UnpackState::reading || state == UnpackState::finished) && unpacker_.isComplete();
  if (!isWhole) return PayloadOutcome::unreadable;
  return judge_.wants(textOf(plain_, plainBytes_)) ? PayloadOutcome::whole : PayloadOutcome::unwanted;
}

}  // namespace mig::journal
