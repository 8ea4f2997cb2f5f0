#include "scan/pattern_index.h"

#include <algorithm>

#include "scan/glob.h"

namespace mig {

namespace {

constexpr std::string_view kSpecial = "*?[]";

std::string_view nameOf(std::string_view path) { return PatternIndex::lastNameOf(path); }
bool isLiteral(std::string_view name) { return name.find_first_of(kSpecial) == std::string_view::npos; }
bool isLiteral(char byte) { return kSpecial.find(byte) == std::string_view::npos; }

}  // namespace

PatternIndex::PatternIndex(const std::vector<ProtectedPattern>& patterns) {
  for (const ProtectedPattern& pattern : patterns) {
    const std::string_view glob = pattern.glob;
    const std::string_view parent = parentOf(glob);
    const std::string_view name = nameOf(glob);
    if (parent == "**" && name != "**" && !name.empty()) addName(pattern);
    else if (name != "**" && !nameOf(parent).empty() && isLiteral(nameOf(parent))) byParent_[std::string(nameOf(parent))].push_back(&pattern);
    else others_.push_back(&pattern);
  }
}

void PatternIndex::addName(const ProtectedPattern& pattern) {
  const std::string_view name = nameOf(pattern.glob);
  // A `]` ends a set of bytes.
  if (isLiteral(name.back())) byLastByte_[static_cast<uint8_t>(name.back())].push_back(&pattern);
  else if (isLiteral(name.front())) byFirstByte_[static_cast<uint8_t>(name.front())].push_back(&pattern);
  else anyName_.push_back(&pattern);
}

bool PatternIndex::reaches(const ProtectedPattern& pattern, std::string_view directory) {
  const std::string_view glob = pattern.glob;
  // The text before the first wildcard rules out many patterns.
  const std::string_view fixed = parentOf(glob.substr(0, glob.find_first_of("*?[")));
  if (directory.substr(0, fixed.size()) != fixed) return false;
  const std::string_view parent = parentOf(glob);
  if (nameOf(glob) == "**") {
    const std::string_view folder = nameOf(parent);
    return (!isLiteral(folder) || directory.find(folder) != std::string_view::npos) && matchesGlob(glob, std::string(directory) + "/x");
  }
  if (nameOf(parent) != "**" && !matchesName(nameOf(parent), nameOf(directory))) return false;
  return matchesGlobBeginning(parent, directory);
}

bool PatternIndex::isNamed(const ProtectedPattern& pattern, std::string_view name) { return matchesName(nameOf(pattern.glob), name); }

}  // namespace mig
