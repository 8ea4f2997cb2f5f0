#include <lzma.h>

#include <new>

#include "content/decoder.h"

namespace mig {

namespace {

// `xz -9` needs 65 MiB for unpacking; larger dictionaries take manual settings.
constexpr uint64_t kMemoryLimitBytes = 72ull << 20;

class XzDecoder final : public Decoder {
 public:
  ~XzDecoder() override { lzma_end(&stream_); }

  bool start() override {
    // Frees the dictionary of the last file, up to 64 MiB.
    lzma_end(&stream_);
    return lzma_stream_decoder(&stream_, kMemoryLimitBytes, 0) == LZMA_OK;
  }

  DecodeResult decode(DecodeBuffers& buffers) override {
    stream_.next_in = buffers.input;
    stream_.avail_in = buffers.inputBytes;
    stream_.next_out = buffers.output;
    stream_.avail_out = buffers.outputBytes;
    const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
    buffers = {stream_.next_in, stream_.avail_in, stream_.next_out, stream_.avail_out};
    switch (result) {
      case LZMA_OK:
      case LZMA_BUF_ERROR: return DecodeResult::more;
      case LZMA_STREAM_END: return DecodeResult::memberEnd;
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR: return DecodeResult::needsTooMuchMemory;
      default: return DecodeResult::malformed;
    }
  }

  // The .xz file format, 2.2: zero padding.
  bool isPadding(uint8_t byte) const override { return byte == 0; }
  bool mayStartWith(uint8_t first) const override { return first == 0xfd; }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decoder> makeXzDecoder() { return std::unique_ptr<Decoder>(new (std::nothrow) XzDecoder); }

}  // namespace mig
