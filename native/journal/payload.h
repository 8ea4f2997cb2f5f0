// The payload of a compressed data object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "content/unpacker.h"
#include "journal/judge.h"

namespace mig::journal {

// Larger ones are not looked at.
constexpr size_t kMostPayloadBytes = 16 << 20;

enum class PayloadOutcome : uint8_t { whole, unwanted, unreadable };

class PayloadUnpacker {
 public:
  // `unpacker` is for zstd and xz. The judge is asked for each payload's first bytes, and the rest of an unwanted one
  // stays packed.
  PayloadUnpacker(FileUnpacker& unpacker, const Judge& judge) : unpacker_(unpacker), judge_(judge) {}

  // `compression`: the object's flag. `payload` is valid until the next call.
  PayloadOutcome unpack(uint8_t compression, const uint8_t* packed, size_t sizeBytes, std::string_view& payload);

 private:
  PayloadOutcome unpackLz4(const uint8_t* packed, size_t sizeBytes);
  PayloadOutcome unpackStream(PackFormat format, const uint8_t* packed, size_t sizeBytes);

  FileUnpacker& unpacker_;
  const Judge& judge_;
  std::vector<uint8_t> plain_;
  size_t plainBytes_ = 0;
};

}  // namespace mig::journal
