// Unpacks a file piece by piece into a second stream, within limits: a small file may unpack to a huge one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "content/decoder.h"

namespace mig {

enum class UnpackState : uint8_t { reading, finished, malformed, tooLarge, needsTooMuchMemory };

class Unpacker {
 public:
  // Of one file when unpacked. A larger one is cut there and noted.
  static constexpr uint64_t kMaxUnpackedBytes = 4ull << 30;
  // Text packs to about a tenth; beyond this it is meant to hurt.
  static constexpr uint64_t kMaxRatio = 250;
  static constexpr uint64_t kRatioFreeBytes = 64ull << 20;

  // False when there is no memory.
  bool start(PackFormat format);
  void setInput(const uint8_t* data, size_t sizeBytes);
  // Fills `out` from the input; returns how much. 0 when more input is needed or the state is not `reading`.
  size_t unpack(uint8_t* out, size_t capacity);
  UnpackState state() const { return state_; }
  // Between members or before the first byte of one: the file may end here.
  bool isComplete() const { return state_ == UnpackState::finished || atMemberEnd_; }

 private:
  bool startNextMember();
  void take(DecodeResult result);

  std::array<std::unique_ptr<Decoder>, 5> decoders_;  // by format, made when they are needed
  Decoder* decoder_ = nullptr;
  DecodeBuffers buffers_{};
  UnpackState state_ = UnpackState::reading;
  bool atMemberEnd_ = false;
  uint64_t packedBytes_ = 0;
  uint64_t unpackedBytes_ = 0;
};

}  // namespace mig
