// One packed format behind its decoding library: input to output, without limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mig {

enum class PackFormat : uint8_t { none, gzip, zstd, xz, bzip2 };

// Detects the format by the first bytes of a file.
PackFormat packFormatOf(const uint8_t* data, size_t sizeBytes);
const char* packFormatName(PackFormat format);

// The rest of the input and of the output buffer; a decoder advances both.
struct DecodeBuffers {
  const uint8_t* input;
  size_t inputBytes;
  uint8_t* output;
  size_t outputBytes;
};

// `memberEnd`: the end of a member (gzip), frame (zstd) or stream (xz, bzip2); another one may follow.
enum class DecodeResult : uint8_t { more, memberEnd, malformed, needsTooMuchMemory };

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Begins a member; false when out of memory.
  virtual bool start() = 0;
  // Decodes until the input is used up, the output is full or the member ends.
  virtual DecodeResult decode(DecodeBuffers& buffers) = 0;
  // Skips padding between members and after the last one.
  virtual bool isPadding(uint8_t) const { return false; }
  // Whether a member can begin with this byte. Other data after a member is ignored, as the formats' own tools do.
  virtual bool mayStartWith(uint8_t first) const = 0;
};

std::unique_ptr<Decoder> makeGzipDecoder();
std::unique_ptr<Decoder> makeZstdDecoder();
std::unique_ptr<Decoder> makeXzDecoder();
std::unique_ptr<Decoder> makeBzip2Decoder();

}  // namespace mig
