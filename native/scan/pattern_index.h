// An index of protected patterns: finds those that can match in a directory or for a name, without trying each.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mig {

struct ProtectedPattern {
  std::string glob;  // as in glob.h
  bool mayRead;      // questions about content and digests are allowed and counted
  bool mayTell;      // the file may be a hit
};

class PatternIndex {
 public:
  // The patterns must not move.
  explicit PatternIndex(const std::vector<ProtectedPattern>& patterns);

  // Calls `take` for each pattern that can match names in the directory, except patterns of a single name.
  template <typename Take>
  void findInDirectory(std::string_view directory, const Take& take) const {
    const auto named = byParent_.find(std::string(lastNameOf(directory)));
    if (named != byParent_.end()) {
      for (const ProtectedPattern* pattern : named->second) takeIfReached(*pattern, directory, take);
    }
    for (const ProtectedPattern* pattern : others_) takeIfReached(*pattern, directory, take);
  }

  // Calls `take` for each pattern `**/…` of a single name that matches.
  template <typename Take>
  void findByName(std::string_view name, const Take& take) const {
    if (name.empty()) return;
    for (const ProtectedPattern* pattern : byLastByte_[static_cast<uint8_t>(name.back())]) takeIfNamed(*pattern, name, take);
    for (const ProtectedPattern* pattern : byFirstByte_[static_cast<uint8_t>(name.front())]) takeIfNamed(*pattern, name, take);
    for (const ProtectedPattern* pattern : anyName_) takeIfNamed(*pattern, name, take);
  }

  static std::string_view lastNameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }
  static std::string_view parentOf(std::string_view path) { return path.substr(0, std::min(path.rfind('/'), path.size())); }

 private:
  using Patterns = std::vector<const ProtectedPattern*>;

  void addName(const ProtectedPattern& pattern);
  // Whether the pattern can match a name in the directory.
  static bool reaches(const ProtectedPattern& pattern, std::string_view directory);
  static bool isNamed(const ProtectedPattern& pattern, std::string_view name);

  template <typename Take>
  static void takeIfReached(const ProtectedPattern& pattern, std::string_view directory, const Take& take) {
    if (reaches(pattern, directory)) take(pattern);
  }
  template <typename Take>
  static void takeIfNamed(const ProtectedPattern& pattern, std::string_view name, const Take& take) {
    if (isNamed(pattern, name)) take(pattern);
  }

  std::unordered_map<std::string, Patterns> byParent_;  // by the plain second-to-last name
  Patterns others_;
  // Patterns of a single name: by their plain last byte, else by their plain first byte, else unindexed.
  std::array<Patterns, 256> byLastByte_;
  std::array<Patterns, 256> byFirstByte_;
  Patterns anyName_;
};

}  // namespace mig
