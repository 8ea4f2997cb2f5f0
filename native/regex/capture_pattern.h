// What the groups of a regular expression capture in the lines of a text: linear time for every pattern and text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace mig {

class CapturePattern {
 public:
  // Null when the pattern is not valid, with the reason in `error`.
  static std::unique_ptr<CapturePattern> compile(const std::string& pattern, std::string& error);
  ~CapturePattern();

  // Every group of the first match in each line that has one, in order; a group without a part in it is empty. Lines end
  // at "\n", and one "\r" before it does not belong to the line. At most `most` of them, and one more when there are more.
  std::vector<std::string> capture(std::string_view text, size_t most) const;

 private:
  explicit CapturePattern(std::unique_ptr<re2::RE2> regex);
  void captureLine(std::string_view line, std::vector<std::string>& captures) const;
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace mig
