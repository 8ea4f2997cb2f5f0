#include "content/decoder.h"

#include <algorithm>
#include <cstring>

namespace mig {

namespace {

// A file that ends within the magic was cut. A shorter one could be anything.
constexpr size_t kMinCutBytes = 3;

// Whether the file begins with `magic`, or ends within it.
bool beginsWith(const uint8_t* data, size_t sizeBytes, const char* magic, size_t magicBytes) {
  return sizeBytes >= std::min(magicBytes, kMinCutBytes) && memcmp(data, magic, std::min(sizeBytes, magicBytes)) == 0;
}

// RFC 8878, 3.1.2: 16 magic numbers of skippable frames, which parallel compressors put first.
bool isSkippableZstdFrame(const uint8_t* data, size_t sizeBytes) {
  return sizeBytes >= 4 && (data[0] & 0xf0) == 0x50 && memcmp(data + 1, "\x2a\x4d\x18", 3) == 0;
}

// As `bzip2` writes it: the block size as a digit, then the magic of the first block or of the end (pi or its root).
bool isBzip2(const uint8_t* data, size_t sizeBytes) {
  if (sizeBytes < 4 || memcmp(data, "BZh", 3) != 0 || data[3] < '1' || data[3] > '9') return false;
  const size_t magicBytes = std::min<size_t>(sizeBytes - 4, 6);
  return memcmp(data + 4, "\x31\x41\x59\x26\x53\x59", magicBytes) == 0 || memcmp(data + 4, "\x17\x72\x45\x38\x50\x90", magicBytes) == 0;
}

}  // namespace

PackFormat packFormatOf(const uint8_t* data, size_t sizeBytes) {
  // RFC 1952, 2.3.1: the two magic bytes, then the only compression method.
  if (beginsWith(data, sizeBytes, "\x1f\x8b\x08", 3)) return PackFormat::gzip;
  // RFC 8878, 3.1.1.
  if (beginsWith(data, sizeBytes, "\x28\xb5\x2f\xfd", 4) || isSkippableZstdFrame(data, sizeBytes)) return PackFormat::zstd;
  // The .xz file format, 2.1.1.1.
  if (beginsWith(data, sizeBytes, "\xfd" "7zXZ\0", 6)) return PackFormat::xz;
  if (isBzip2(data, sizeBytes)) return PackFormat::bzip2;
  return PackFormat::none;
}

const char* packFormatName(PackFormat format) {
  static const char* const names[] = {"none", "gzip", "zstd", "xz", "bzip2"};
  return names[static_cast<size_t>(format)];
}

}  // namespace mig
