// Any bytes as a packed file, in pieces of any size: the limits hold, and the piece size makes no difference.
#include <vector>

#include "content/unpacker.h"
#include "fuzz/input.h"

namespace {

constexpr size_t kOutBytes = 64 * 1024;
// Enough to reach every state, too little for a slow bomb.
constexpr uint64_t kEnoughBytes = 4 << 20;

struct Unpacked {
  bool isWhole = false;  // to the end of the last member
  uint64_t bytes = 0;
  uint64_t sum = 0;
};

Unpacked unpack(mig::PackFormat format, const std::string& packed, size_t pieceBytes) {
  static mig::Unpacker unpacker;
  static std::vector<uint8_t> out(kOutBytes);
  Unpacked result{};
  unpacker.start(format);
  mig::expect(unpacker.state() == mig::UnpackState::reading, "there is memory");
  for (size_t at = 0; at < packed.size() && unpacker.state() == mig::UnpackState::reading; at += pieceBytes) {
    unpacker.setInput(reinterpret_cast<const uint8_t*>(packed.data()) + at, std::min(pieceBytes, packed.size() - at));
    while (const size_t count = unpacker.unpack(out.data(), out.size())) {
      mig::expect(count <= out.size(), "no more comes than there is room for");
      for (size_t index = 0; index < count; index += 1) result.sum = result.sum * 31 + out[index];
      result.bytes += count;
      if (result.bytes > kEnoughBytes) return result;
    }
  }
  result.isWhole = unpacker.state() != mig::UnpackState::malformed && unpacker.isComplete();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  mig::FuzzInput input(data, sizeBytes);
  const size_t pieceBytes = input.byte() + 1u;
  const std::string packed = input.rest();
  const mig::PackFormat format = mig::packFormatOf(reinterpret_cast<const uint8_t*>(packed.data()), packed.size());
  if (format == mig::PackFormat::none) return 0;
  const Unpacked whole = unpack(format, packed, packed.size());
  const Unpacked pieces = unpack(format, packed, pieceBytes);
  if (whole.bytes > kEnoughBytes || pieces.bytes > kEnoughBytes) return 0;
  // The piece size may decide whether damage is detected: zstd treats a complete frame as a whole.
  mig::expect(!whole.isWhole || !pieces.isWhole || (whole.bytes == pieces.bytes && whole.sum == pieces.sum),
              "pieces unpack to the same as the whole");
  return 0;
}
