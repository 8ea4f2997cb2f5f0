// The texts of a regular expression: a line without any of them cannot match.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "regex/literal_search.h"
#include "regex/literal_set.h"

namespace re2 {
class RE2;
}

namespace mig {

class RequiredLiterals {
 public:
  // Null when the pattern requires no literal that is worth a search.
  static std::unique_ptr<RequiredLiterals> of(const re2::RE2& regex);

  // Offset of the first literal that begins in [from, to); npos when there is none.
  size_t find(std::string_view text, size_t from, size_t to) const;

 private:
  std::vector<LiteralSearch> literals_;
  // Replaces them when there are many.
  std::unique_ptr<LiteralSet> set_;
};

}  // namespace mig
