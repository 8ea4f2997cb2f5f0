// Finds any of many short ASCII texts in a large buffer in one pass, ignoring case. It is the "Teddy" algorithm of
// Hyperscan: a window of a few bytes is chosen from each text, and the texts are put into eight buckets. Two tables of
// 16 entries per byte of the window tell the buckets for each low and high half of a byte. A shuffle looks up 32 or 64
// bytes at once; the candidates are then compared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "regex/window_search.h"

namespace mig {

class LiteralSet {
 public:
  static constexpr size_t kMaxLiterals = 64;
  static constexpr size_t kMinLiteralBytes = WindowTables::kMinBytes;

  // Whether this processor has the needed instructions.
  static bool isSupported();
  // `literals` are lower-case ASCII of at least kMinLiteralBytes.
  explicit LiteralSet(std::vector<std::string> literals);

  // Offset of the first literal that begins in [from, to); npos when there is none.
  size_t find(std::string_view text, size_t from, size_t to) const;

  static constexpr size_t npos = std::string_view::npos;

 private:
  static constexpr size_t kBuckets = 8;
  struct Literal {
    std::string lower;
    std::string upper;
    size_t window;  // offset of its window
  };

  void addToTables(const Literal& literal, size_t bucket);
  size_t findInBlock(std::string_view text, const uint8_t* buckets, size_t blockAt, size_t from, size_t to) const;

  size_t windowBytes_ = 0;
  FindWindow findWindow_ = nullptr;
  WindowTables tables_;
  std::array<std::vector<Literal>, kBuckets> buckets_;
  size_t maxWindow_ = 0;
};

}  // namespace mig
