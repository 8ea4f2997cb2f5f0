// gzip by Node's zlib.
#include <zlib.h>

#include <new>

#include "content/decoder.h"

namespace mig {

namespace {

class GzipDecoder final : public Decoder {
 public:
  ~GzipDecoder() override {
    if (isReady_) inflateEnd(&stream_);
  }

  bool start() override {
    if (isReady_) return inflateReset(&stream_) == Z_OK;
    // 15 is the largest window; 16 more expects a gzip header.
    isReady_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
    return isReady_;
  }

  DecodeResult decode(DecodeBuffers& buffers) override {
    stream_.next_in = const_cast<Bytef*>(buffers.input);
    stream_.avail_in = static_cast<uInt>(buffers.inputBytes);
    stream_.next_out = buffers.output;
    stream_.avail_out = static_cast<uInt>(buffers.outputBytes);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    buffers = {stream_.next_in, stream_.avail_in, stream_.next_out, stream_.avail_out};
    switch (result) {
      case Z_OK:
      case Z_BUF_ERROR: return DecodeResult::more;
      case Z_STREAM_END: return DecodeResult::memberEnd;
      case Z_MEM_ERROR: return DecodeResult::needsTooMuchMemory;
      default: return DecodeResult::malformed;
    }
  }

  // RFC 1952, 2.2: members follow one another.
  bool mayStartWith(uint8_t first) const override { return first == 0x1f; }

 private:
  z_stream stream_{};
  bool isReady_ = false;
};

}  // namespace

std::unique_ptr<Decoder> makeGzipDecoder() { return std::unique_ptr<Decoder>(new (std::nothrow) GzipDecoder); }

}  // namespace mig
