// The kernels of LiteralSet, one for each vector width.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mig {

// The tables in the kernels' layout: by byte of the window.
struct WindowTables {
  static constexpr size_t kMinBytes = 3;
  // Longer windows leave fewer candidates, which pays off up to this length.
  static constexpr size_t kMaxBytes = 6;
  std::array<std::array<uint8_t, 16>, kMaxBytes> low{};
  std::array<std::array<uint8_t, 16>, kMaxBytes> high{};
};

constexpr size_t kBlockBytes = 64;

// A block where at least one window may begin.
struct WindowBlock {
  const uint8_t* at;
  uint8_t buckets[kBlockBytes];  // the buckets that may have a window there
};

// Finds the first whole block of [from, to) with a candidate; false when there is none. Reads up to
// WindowTables::kMaxBytes - 1 bytes after a block.
using FindWindow = bool (*)(const WindowTables& tables, const uint8_t* from, const uint8_t* to, WindowBlock& block);

// For windows of WindowTables::kMinBytes to kMaxBytes of so many texts. Null when the processor has no vectors for it.
FindWindow chooseFindWindow(size_t windowBytes, size_t texts);

}  // namespace mig
