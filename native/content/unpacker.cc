#include "content/unpacker.h"

namespace mig {

namespace {

std::unique_ptr<Decoder> makeDecoder(PackFormat format) {
  switch (format) {
    case PackFormat::gzip: return makeGzipDecoder();
    case PackFormat::zstd: return makeZstdDecoder();
    case PackFormat::xz: return makeXzDecoder();
    case PackFormat::bzip2: return makeBzip2Decoder();
    case PackFormat::none: break;
  }
  return nullptr;
}

}  // namespace

bool Unpacker::isTooLarge(uint64_t packedBytes, uint64_t unpackedBytes) {
  const bool isBomb = unpackedBytes > kRatioFreeBytes && unpackedBytes / kMaxRatio > packedBytes;
  return isBomb || unpackedBytes > kMaxUnpackedBytes;
}

void Unpacker::start(PackFormat format) {
  auto& decoder = decoders_[static_cast<size_t>(format)];
  if (!decoder) decoder = makeDecoder(format);
  decoder_ = decoder.get();
  buffers_ = {};
  state_ = decoder_ != nullptr && decoder_->start() ? UnpackState::reading : UnpackState::needsTooMuchMemory;
  atMemberEnd_ = false;
  packedBytes_ = unpackedBytes_ = 0;
}

void Unpacker::setInput(const uint8_t* data, size_t sizeBytes) {
  buffers_.input = data;
  buffers_.inputBytes = sizeBytes;
  packedBytes_ += sizeBytes;
}

size_t Unpacker::unpack(uint8_t* out, size_t capacity) {
  buffers_.output = out;
  buffers_.outputBytes = capacity;
  while (state_ == UnpackState::reading && buffers_.outputBytes > 0) {
    if (atMemberEnd_ && !startNextMember()) break;
    const DecodeBuffers before = buffers_;
    take(decoder_->decode(buffers_));
    const bool moved = before.inputBytes != buffers_.inputBytes || before.outputBytes != buffers_.outputBytes;
    if (!moved && !atMemberEnd_) break;
  }
  const size_t count = capacity - buffers_.outputBytes;
  unpackedBytes_ += count;
  if (isTooLarge(packedBytes_, unpackedBytes_)) state_ = UnpackState::tooLarge;
  return count;
}

// False when the input ends here or holds no other member.
bool Unpacker::startNextMember() {
  while (buffers_.inputBytes > 0 && decoder_->isPadding(*buffers_.input)) {
    buffers_.input += 1;
    buffers_.inputBytes -= 1;
  }
  if (buffers_.inputBytes == 0) return false;
  if (!decoder_->mayStartWith(*buffers_.input)) {
    state_ = UnpackState::finished;
    return false;
  }
  atMemberEnd_ = false;
  if (!decoder_->start()) state_ = UnpackState::needsTooMuchMemory;
  return state_ == UnpackState::reading;
}

void Unpacker::take(DecodeResult result) {
  switch (result) {
    case DecodeResult::more: break;
    case DecodeResult::memberEnd: atMemberEnd_ = true; break;
    case DecodeResult::malformed: state_ = UnpackState::malformed; break;
    case DecodeResult::needsTooMuchMemory: state_ = UnpackState::needsTooMuchMemory; break;
  }
}

}  // namespace mig
