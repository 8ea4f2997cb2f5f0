// Any bytes as the attribute with a file's capabilities; no byte beyond them is read.
#include <vector>

#include "fs/attributes.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  // A buffer of the exact size: the sanitizer sees an overread.
  const std::vector<uint8_t> value(data, data + sizeBytes);
  const auto set = mig::fs::parseCapabilities(value.data(), value.size());
  if (!set) return 0;
  mig::expect(sizeBytes == 12 || sizeBytes == 20 || sizeBytes == 24, "a known size");
  uint64_t expected = 0;
  for (size_t at = 4; at < sizeBytes && at < 20; at += 1) {
    const size_t bit = (at - 4) % 4 * 8 + (at >= 12 ? 32 : 0);
    expected |= uint64_t{value[at]} << bit;
  }
  mig::expect(*set == expected, "each byte of both sets counts once");
  return 0;
}
