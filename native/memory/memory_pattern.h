// A regular expression on memory, which has neither lines nor an end: RE2 on whatever bytes lie together.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "regex/required_literals.h"

namespace re2 {
class RE2;
}

namespace mig {

// Bytes, not characters, unless the pattern has characters beyond one byte, as LinePattern has it. `^` and `$` are the
// places behind and before a "\n" or a border of the memory that lies together.
class MemoryPattern {
 public:
  // Longer matches may be missed where the memory is searched in pieces.
  static constexpr size_t kMaxMatchBytes = 32 * 1024;

  // `cacheBytes` bounds what the automaton may hold. Null when the pattern is not valid; `error` then says why.
  static std::unique_ptr<MemoryPattern> compile(const std::string& pattern, size_t cacheBytes, std::string& error);
  ~MemoryPattern();

  // A place inside of a match that lies in [from, to), npos when there is none. The bytes around are context for `^`, `$`
  // and `\b`. Gives up when `stop` is set, which it looks at every 50 ms whatever the pattern, or 400 ms for patterns
  // that are large and without bound.
  size_t find(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;
  // Of the longest match, at most kMaxMatchBytes.
  size_t maxMatchBytes() const { return maxMatchBytes_; }

  static constexpr size_t npos = std::string_view::npos;

 private:
  MemoryPattern(std::unique_ptr<re2::RE2> regex, size_t maxMatchBytes);
  size_t match(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;
  size_t findByLiterals(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;

  std::unique_ptr<re2::RE2> regex_;
  std::unique_ptr<RequiredLiterals> literals_;
  size_t maxMatchBytes_;
  // How much is matched in one call of RE2, which nothing can end early.
  size_t stepBytes_;
};

}  // namespace mig
