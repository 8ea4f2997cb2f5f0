// One packed format, as the library that decodes it sees it: input in, output out, nothing about limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mig {

enum class PackFormat : uint8_t { none, gzip, zstd, xz, bzip2 };

// By the first bytes of a file.
PackFormat packFormatOf(const uint8_t* data, size_t sizeBytes);
const char* packFormatName(PackFormat format);

// What is left of the input and of the room for the output; a decoder moves both on.
struct DecodeBuffers {
  const uint8_t* input;
  size_t inputBytes;
  uint8_t* output;
  size_t outputBytes;
};

// `memberEnd`: a whole member (gzip), frame (zstd) or stream (xz, bzip2) was decoded; another one may follow.
enum class DecodeResult : uint8_t { more, memberEnd, malformed, needsTooMuchMemory };

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Begins a member; false when there is no memory.
  virtual bool start() = 0;
  // Until the input is used up, the output is full or the member ends.
  virtual DecodeResult decode(DecodeBuffers& buffers) = 0;
  // What may be between members and after the last one.
  virtual bool isPadding(uint8_t) const { return false; }
  // Whether a member can begin with this byte; other data after a member is ignored, as the formats' own tools do.
  virtual bool mayStartWith(uint8_t first) const = 0;
};

std::unique_ptr<Decoder> makeGzipDecoder();
std::unique_ptr<Decoder> makeZstdDecoder();
std::unique_ptr<Decoder> makeXzDecoder();
std::unique_ptr<Decoder> makeBzip2Decoder();

}  // namespace mig
