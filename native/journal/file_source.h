// An open file as a source of bytes, without effect on the host's page cache.
#pragma once

#include <atomic>

#include "fs/fs.h"
#include "journal/byte_source.h"

namespace mig::journal {

class FileSource final : public ByteSource {
 public:
  // `bytesRead` counts.
  FileSource(const fs::Descriptor& file, uint64_t sizeBytes, std::atomic<uint64_t>& bytesRead) : file_(file), sizeBytes_(sizeBytes), bytesRead_(bytesRead) {
    if (sizeBytes > fs::kAvoidCachingFromBytes) fs::avoidCaching(file);
  }

  uint64_t sizeBytes() const override { return sizeBytes_; }
  size_t read(uint64_t offset, uint8_t* out, size_t count) override {
    size_t got = 0;
    if (fs::readPiece(file_, offset, out, count, got) != 0) hasFailed_ = true;
    bytesRead_.fetch_add(got, std::memory_order_relaxed);
    return got;
  }
  // Whether the system refused to read some of it.
  bool hasFailed() const { return hasFailed_; }

 private:
  const fs::Descriptor& file_;
  const uint64_t sizeBytes_;
  std::atomic<uint64_t>& bytesRead_;
  bool hasFailed_ = false;
};

}  // namespace mig::journal
