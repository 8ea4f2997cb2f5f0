#include "journal/question.h"

namespace mig::journal {

bool ValueTest::matches(std::string_view value) const {
  if (!pattern) return values.count(std::string(value)) != 0;
  // Candidates are searched by line, and a match may reach over several.
  const bool isOneLine = value.find('\n') == std::string_view::npos;
  return (!isOneLine || pattern->findCandidate(value, 0) != LinePattern::npos) && pattern->matchesLine(value);
}

}  // namespace mig::journal
