// A regular expression on memory, which has no lines: RE2 on contiguous bytes.
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

// Matches valid UTF-8 by character and anything else by byte, like LinePattern. `^` and `$` match after and
// before a "\n" or at the border of contiguous memory.
class MemoryPattern {
 public:
  // Longer matches may be missed when the memory is searched in pieces.
  static constexpr size_t kMaxMatchBytes = 32 * 1024;

  // `cacheBytes` limits the automaton's memory. Null when the pattern is not valid, with the reason in `error`.
  static std::unique_ptr<MemoryPattern> compile(const std::string& pattern, size_t cacheBytes, std::string& error);
  ~MemoryPattern();

  // An offset in [from, to) inside of a match; npos when there is none. The bytes around are context for `^`, `$` and
  // `\b`. Gives up when `stop` is set, which it checks every 50 ms, or every 400 ms for large unbounded patterns.
  size_t find(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;
  // The longest possible match, at most kMaxMatchBytes.
  size_t maxMatchBytes() const { return maxMatchBytes_; }

  static constexpr size_t npos = std::string_view::npos;

 private:
  MemoryPattern(std::unique_ptr<re2::RE2> regex, std::unique_ptr<re2::RE2> characters, size_t maxMatchBytes);
  size_t match(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;
  size_t findByLiterals(std::string_view text, size_t from, size_t to, const std::atomic<bool>& stop) const;

  std::unique_ptr<re2::RE2> regex_;
  // Only if a match may have stray bytes: confirms by character what `regex_` found by byte.
  std::unique_ptr<re2::RE2> characters_;
  std::unique_ptr<RequiredLiterals> literals_;
  size_t maxMatchBytes_;
  // Bytes per call of RE2, which cannot be interrupted.
  size_t stepBytes_;
};

}  // namespace mig
