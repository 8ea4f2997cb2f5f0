// The entries that a chain of entry arrays links: all of a file, or those with one value. Only linked entries count;
// the writing of others did not end.
#pragma once

#include <cstdint>

#include "journal/byte_source.h"
#include "journal/file_header.h"

namespace mig::journal {

class LinkedEntries {
 public:
  LinkedEntries(ByteSource& source, const FileHeader& header, uint64_t firstArray, uint64_t count)
      : window_(source, kWindowBytes), itemBytes_(header.arrayItemBytes()), nextArray_(firstArray), left_(count) {
    next();
  }

  // The offset of the current entry; 0 at the end.
  uint64_t current() const { return current_; }
  // Moves on. The offsets ascend: a chain where they do not is broken.
  void next();
  // Moves to the first entry at `offset` or behind it.
  void skipTo(uint64_t offset) {
    while (current_ != 0 && current_ < offset) next();
  }
  // Whether the chain ended before all of its entries were seen.
  bool isBroken() const { return isBroken_; }

 private:
  static constexpr size_t kWindowBytes = 16 * 1024;

  bool openArray();

  Window window_;
  const size_t itemBytes_;
  uint64_t nextArray_;
  uint64_t left_;
  uint64_t at_ = 0;
  uint64_t itemsLeft_ = 0;
  uint64_t current_ = 0;
  bool isBroken_ = false;
};

}  // namespace mig::journal
