#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "content/decoder.h"

namespace mig {

namespace {

// The default limit of `zstd`: a window of 128 MiB.
constexpr int kMaxWindowLog = 27;
// A context without its window takes less. Making one takes longer than unpacking a short text.
constexpr size_t kMostKeptBytes = 1 << 20;

class ZstdDecoder final : public Decoder {
 public:
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }

  bool start() override {
    if (context_ != nullptr && ZSTD_sizeof_DCtx(context_) <= kMostKeptBytes) {
      return ZSTD_isError(ZSTD_DCtx_reset(context_, ZSTD_reset_session_only)) == 0;
    }
    // Frees the window of the last file, up to 128 MiB.
    ZSTD_freeDCtx(context_);
    context_ = ZSTD_createDCtx();
    return context_ != nullptr && ZSTD_isError(ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kMaxWindowLog)) == 0;
  }

  DecodeResult decode(DecodeBuffers& buffers) override {
    ZSTD_inBuffer input{buffers.input, buffers.inputBytes, 0};
    ZSTD_outBuffer output{buffers.output, buffers.outputBytes, 0};
    const size_t result = ZSTD_decompressStream(context_, &output, &input);
    buffers = {buffers.input + input.pos, buffers.inputBytes - input.pos, buffers.output + output.pos, buffers.outputBytes - output.pos};
    if (ZSTD_isError(result) == 0) return result == 0 ? DecodeResult::memberEnd : DecodeResult::more;
    const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    const bool isTooLarge = code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation;
    return isTooLarge ? DecodeResult::needsTooMuchMemory : DecodeResult::malformed;
  }

  bool mayStartWith(uint8_t first) const override { return first == 0x28 || (first & 0xf0) == 0x50; }

 private:
  ZSTD_DCtx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<Decoder> makeZstdDecoder() { return std::unique_ptr<Decoder>(new (std::nothrow) ZstdDecoder); }

}  // namespace mig
