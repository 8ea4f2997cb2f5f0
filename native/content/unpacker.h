// Unpacks a file piece by piece into a second stream, within limits: a small file may unpack to a huge one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "content/decoder.h"

namespace mig {

// `failed`: the unpacker crashed on this file or gave an impossible answer.
enum class UnpackState : uint8_t { reading, finished, malformed, tooLarge, needsTooMuchMemory, failed };

// Unpacks one file after the other, in this process or another one.
class FileUnpacker {
 public:
  virtual ~FileUnpacker() = default;
  // Begins a file; the state is not `reading` when that fails.
  virtual void start(PackFormat format) = 0;
  // Only after all earlier input is used up. The bytes must stay valid until they are used up.
  virtual void setInput(const uint8_t* data, size_t sizeBytes) = 0;
  // Fills `out` from the input and returns the count. 0 when more input is needed or the state is not `reading`.
  virtual size_t unpack(uint8_t* out, size_t capacity) = 0;
  virtual UnpackState state() const = 0;
  // Between members or before the first byte of one: the file may end here.
  virtual bool isComplete() const = 0;
};

// Unpacks in this process.
class Unpacker final : public FileUnpacker {
 public:
  // The largest unpacked size of one file. A larger file is cut there, which is noted.
  static constexpr uint64_t kMaxUnpackedBytes = 4ull << 30;
  // Text packs to about a tenth; a higher ratio is an attack.
  static constexpr uint64_t kMaxRatio = 250;
  static constexpr uint64_t kRatioFreeBytes = 64ull << 20;
  static bool isTooLarge(uint64_t packedBytes, uint64_t unpackedBytes);

  void start(PackFormat format) override;
  void setInput(const uint8_t* data, size_t sizeBytes) override;
  size_t unpack(uint8_t* out, size_t capacity) override;
  UnpackState state() const override { return state_; }
  bool isComplete() const override { return state_ == UnpackState::finished || atMemberEnd_; }

 private:
  bool startNextMember();
  void take(DecodeResult result);

  std::array<std::unique_ptr<Decoder>, 5> decoders_;  // by format, created when needed
  Decoder* decoder_ = nullptr;
  DecodeBuffers buffers_{};
  UnpackState state_ = UnpackState::reading;
  bool atMemberEnd_ = false;
  uint64_t packedBytes_ = 0;
  uint64_t unpackedBytes_ = 0;
};

}  // namespace mig
