// A page-aligned buffer for the kernel to copy into. Where it copies with microcode (`rep movsb` of x86), a destination
// that does not begin at a cache line takes up to half as much time again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mig {

class AlignedBuffer {
 public:
  explicit AlignedBuffer(size_t sizeBytes) : memory_(new uint8_t[sizeBytes + kAlignment]) {
    const auto address = reinterpret_cast<uintptr_t>(memory_.get());
    start_ = memory_.get() + (kAlignment - address % kAlignment);
  }
  uint8_t* get() const { return start_; }

 private:
  // A page: the kernel copies whole pages.
  static constexpr size_t kAlignment = 4096;

  std::unique_ptr<uint8_t[]> memory_;
  uint8_t* start_ = nullptr;
};

}  // namespace mig
