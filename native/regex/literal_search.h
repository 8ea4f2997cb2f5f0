// Finds a short ASCII text in a large buffer, ignoring case. It rules out most of a file before a regular expression
// runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/byte_pair.h"

namespace mig {

class LiteralSearch {
 public:
  // `literal` is lower-case ASCII of at least two bytes.
  explicit LiteralSearch(std::string literal);

  // Offset of the first occurrence that begins in [from, to); npos when there is none.
  size_t find(std::string_view text, size_t from, size_t to) const;
  size_t size() const { return lower_.size(); }

  static constexpr size_t npos = std::string_view::npos;

 private:
  bool isAt(const char* at) const;

  std::string lower_;
  std::string upper_;
  // The literal's two bytes that are rarest in files.
  BytePair pair_;
};

}  // namespace mig
