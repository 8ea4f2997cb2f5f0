// The text that a capture group of a pattern matches in a value.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace mig::journal {

class GroupPattern {
 public:
  // Null when the pattern is not valid or has no such group, with the reason in `error`. Groups count from 1.
  static std::unique_ptr<GroupPattern> compile(const std::string& pattern, int group, std::string& error);
  ~GroupPattern();

  // False when the text does not match, or without that group. A number that the text calls a secret is empty.
  bool find(std::string_view text, std::string_view& value) const;

 private:
  GroupPattern(std::unique_ptr<re2::RE2> characters, std::unique_ptr<re2::RE2> bytes, int group);

  const std::unique_ptr<re2::RE2> characters_;  // for UTF-8
  const std::unique_ptr<re2::RE2> bytes_;       // for any other text
  const int group_;
  const bool isNumber_;  // by the name of the group
};

}  // namespace mig::journal
