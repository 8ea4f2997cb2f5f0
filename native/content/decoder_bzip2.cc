#include <bzlib.h>

#include <cstdlib>
#include <new>

#include "content/decoder.h"

// The library calls it on an internal error, and it must not return. Only the module's own process ends.
extern "C" void bz_internal_error(int) { abort(); }

namespace mig {

namespace {

class Bzip2Decoder final : public Decoder {
 public:
  ~Bzip2Decoder() override { end(); }

  bool start() override {
    end();
    stream_ = {};
    // No messages; the faster algorithm, which takes 4 MB at most.
    isReady_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    return isReady_;
  }

  DecodeResult decode(DecodeBuffers& buffers) override {
    stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(buffers.input));
    stream_.avail_in = static_cast<unsigned>(buffers.inputBytes);
    stream_.next_out = reinterpret_cast<char*>(buffers.output);
    stream_.avail_out = static_cast<unsigned>(buffers.outputBytes);
    const int result = BZ2_bzDecompress(&stream_);
    buffers = {reinterpret_cast<const uint8_t*>(stream_.next_in), stream_.avail_in, reinterpret_cast<uint8_t*>(stream_.next_out), stream_.avail_out};
    switch (result) {
      case BZ_OK: return DecodeResult::more;
      case BZ_STREAM_END: return DecodeResult::memberEnd;
      case BZ_MEM_ERROR: return DecodeResult::needsTooMuchMemory;
      default: return DecodeResult::malformed;
    }
  }

  bool mayStartWith(uint8_t first) const override { return first == 'B'; }

 private:
  void end() {
    if (isReady_) BZ2_bzDecompressEnd(&stream_);
    isReady_ = false;
  }

  bz_stream stream_{};
  bool isReady_ = false;
};

}  // namespace

std::unique_ptr<Decoder> makeBzip2Decoder() { return std::unique_ptr<Decoder>(new (std::nothrow) Bzip2Decoder); }

}  // namespace mig
