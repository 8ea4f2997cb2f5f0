// A byte string with wildcards for single bytes, found anywhere in a file: `4d5a??00`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "text/byte_pair.h"

namespace mig {

class BytePattern {
 public:
  // Pairs of hex digits or `??`; at least one known byte. Null when malformed.
  static std::unique_ptr<BytePattern> parse(const std::string& text);

  size_t size() const { return bytes_.size(); }
  // The first occurrence; null when there is none.
  const uint8_t* find(const uint8_t* data, size_t sizeBytes) const;
  bool isIn(const uint8_t* data, size_t sizeBytes) const { return find(data, sizeBytes) != nullptr; }

 private:
  bool isAt(const uint8_t* data) const;

  std::vector<uint8_t> bytes_;
  std::vector<bool> known_;
  BytePair pair_;
};

}  // namespace mig
