// The value of a line by which a search counts: the one capture of a pattern.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace mig::textlog {

class Capture {
 public:
  // Null when the pattern is not valid or has not exactly one capture of that name, with the reason in `error`.
  static std::unique_ptr<Capture> compile(const std::string& pattern, const std::string& name, std::string& error);
  ~Capture();

  // False when the line does not match. A number that the line calls a secret is empty.
  bool find(std::string_view line, std::string_view& value) const;

 private:
  Capture(std::unique_ptr<re2::RE2> regex, bool isNumber);
  const std::unique_ptr<re2::RE2> regex_;
  const bool isNumber_;
};

}  // namespace mig::textlog
