// The kernels of LiteralSet, one for each width of vectors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mig {

// The tables, as the kernels read them: by byte of the window.
struct WindowTables {
  static constexpr size_t kMinBytes = 3;
  // Longer windows leave fewer places, which pays up to here.
  static constexpr size_t kMaxBytes = 6;
  std::array<std::array<uint8_t, 16>, kMaxBytes> low{};
  std::array<std::array<uint8_t, 16>, kMaxBytes> high{};
};

constexpr size_t kBlockBytes = 64;

// Places of which at least one may begin a window.
struct WindowBlock {
  const uint8_t* at;
  uint8_t buckets[kBlockBytes];  // those that may have a window there
};

// The first of the whole blocks of [from, to) that has such a place; false when none has. Reads up to
// WindowTables::kMaxBytes - 1 bytes behind a block.
using FindWindow = bool (*)(const WindowTables& tables, const uint8_t* from, const uint8_t* to, WindowBlock& block);

// For windows of WindowTables::kMinBytes to kMaxBytes bytes. Null when the processor has no vectors for it.
FindWindow chooseFindWindow(size_t windowBytes);

}  // namespace mig
