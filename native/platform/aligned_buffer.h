// A buffer that the kernel copies into. Where it does so byte by byte in microcode (`rep movsb` of x86), a destination that
// does not begin at a cache line costs half as much time again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace mig {

inline constexpr std::align_val_t kBufferAlignment{4096};

struct AlignedDelete {
  void operator()(uint8_t* bytes) const { ::operator delete[](bytes, kBufferAlignment); }
};
using AlignedBuffer = std::unique_ptr<uint8_t[], AlignedDelete>;

inline AlignedBuffer makeAlignedBuffer(size_t sizeBytes) {
  return AlignedBuffer(new (kBufferAlignment) uint8_t[sizeBytes]);
}

}  // namespace mig
