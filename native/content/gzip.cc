#include "content/gzip.h"

#include <zlib.h>

namespace mig {

struct GzipReader::Inflater {
  z_stream stream{};
  bool isReady = false;
  ~Inflater() {
    if (isReady) inflateEnd(&stream);
  }
};

GzipReader::GzipReader() : inflater_(std::make_unique<Inflater>()) {}
GzipReader::~GzipReader() = default;

bool GzipReader::isGzip(const uint8_t* data, size_t sizeBytes) {
  // RFC 1952, 2.3.1: the two magic bytes, then the only method there is.
  return sizeBytes >= 3 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8;
}

bool GzipReader::start() {
  state_ = GzipState::reading;
  atMemberEnd_ = false;
  packedBytes_ = unpackedBytes_ = 0;
  inflater_->stream.avail_in = 0;
  if (inflater_->isReady) return inflateReset(&inflater_->stream) == Z_OK;
  inflater_->isReady = inflateInit2(&inflater_->stream, 15 + 16) == Z_OK;
  return inflater_->isReady;
}

void GzipReader::setInput(const uint8_t* data, size_t sizeBytes) {
  inflater_->stream.next_in = const_cast<Bytef*>(data);
  inflater_->stream.avail_in = static_cast<uInt>(sizeBytes);
  packedBytes_ += sizeBytes;
}

size_t GzipReader::unpack(uint8_t* out, size_t capacity) {
  z_stream& stream = inflater_->stream;
  stream.next_out = out;
  stream.avail_out = static_cast<uInt>(capacity);
  while (state_ == GzipState::reading && stream.avail_out > 0 && (stream.avail_in > 0 || !atMemberEnd_)) {
    if (atMemberEnd_) {
      // RFC 1952, 2.2: members follow one another; what is not one is padding, as gzip itself has it.
      if (stream.next_in[0] != 0x1f) {
        state_ = GzipState::finished;
        break;
      }
      inflateReset(&stream);
      atMemberEnd_ = false;
    }
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      atMemberEnd_ = true;
    } else if (result == Z_BUF_ERROR) {
      break;
    } else if (result != Z_OK) {
      state_ = GzipState::malformed;
    }
  }
  const size_t count = capacity - stream.avail_out;
  unpackedBytes_ += count;
  const bool isBomb = unpackedBytes_ > kRatioFreeBytes && unpackedBytes_ / kMaxRatio > packedBytes_;
  if (isBomb || unpackedBytes_ > kMaxUnpackedBytes) state_ = GzipState::tooLarge;
  return count;
}

}  // namespace mig
