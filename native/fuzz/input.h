// Splits a fuzzer's input into values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace mig {

class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t sizeBytes) : data_(data), left_(sizeBytes) {}

  uint8_t byte() {
    if (left_ == 0) return 0;
    left_ -= 1;
    return *data_++;
  }

  // Up to `maxBytes`; the next byte says how many.
  std::string text(size_t maxBytes) { return take(byte() % (maxBytes + 1)); }

  std::string rest() { return take(left_); }

 private:
  std::string take(size_t sizeBytes) {
    const size_t count = std::min(sizeBytes, left_);
    std::string text(reinterpret_cast<const char*>(data_), count);
    data_ += count;
    left_ -= count;
    return text;
  }

  const uint8_t* data_;
  size_t left_;
};

// Reports a failed comparison as a crash.
inline void expect(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "expected that %s\n", what);
  abort();
}

}  // namespace mig
