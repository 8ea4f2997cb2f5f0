// The bytes of a journal file, and pieces of it in memory. The file may change or shrink while it is read; therefore
// every piece is a copy, and a mapping is never used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig::journal {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t sizeBytes() const = 0;
  // Returns how many bytes were read: fewer than `count` only at the end or at a damaged place of the disk.
  virtual size_t read(uint64_t offset, uint8_t* out, size_t count) = 0;
};

// One piece of a file, which moves to where it is needed.
class Window {
 public:
  Window(ByteSource& source, size_t capacityBytes) : source_(source), capacityBytes_(capacityBytes) {}

  // Holds so much from the next move on, `behindBytes` of it in front of the wanted place.
  void resize(size_t capacityBytes, size_t behindBytes) {
    capacityBytes_ = capacityBytes;
    behindBytes_ = behindBytes;
  }

  bool holds(uint64_t offset, uint64_t count) const { return offset >= start_ && offset - start_ <= filled_ && count <= filled_ - (offset - start_); }
  // `count` bytes from `offset` on, valid until the window moves; null when the file does not have them.
  const uint8_t* get(uint64_t offset, size_t count) {
    return holds(offset, count) ? buffer_.data() + (offset - start_) : load(offset, count);
  }

 private:
  const uint8_t* load(uint64_t offset, size_t count);

  ByteSource& source_;
  size_t capacityBytes_;
  size_t behindBytes_ = 0;
  std::vector<uint8_t> buffer_;
  uint64_t start_ = 0;
  size_t filled_ = 0;
};

}  // namespace mig::journal
