// Finds any of many short ASCII texts in a large buffer in one pass, upper and lower case alike.
//
// The way of "Teddy" in Hyperscan: of each text a window of a few bytes is taken, the texts are put into eight buckets, and
// two tables of 16 entries for each byte of the window say which buckets may have a byte with this low or high half
// there. A shuffle looks up 32 or 64 bytes at once; what is left is compared.
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

  // Whether this processor has what it takes.
  static bool isSupported();
  // `literals` are ASCII in lower case, at least kMinLiteralBytes long.
  explicit LiteralSet(std::vector<std::string> literals);

  // Offset of the first of the literals that begins in [from, to); npos when there is none.
  size_t find(std::string_view text, size_t from, size_t to) const;

  static constexpr size_t npos = std::string_view::npos;

 private:
  static constexpr size_t kBuckets = 8;
  struct Literal {
    std::string lower;
    std::string upper;
    size_t window;  // where its window begins
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
