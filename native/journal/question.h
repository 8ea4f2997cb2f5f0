// What is asked about the entries of journals: tests of fields, and searches that combine them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "journal/group_pattern.h"
#include "regex/pattern.h"

namespace mig::journal {

// Of a field's value, which is one text even if it has several lines.
struct ValueTest {
  std::vector<std::string> fields;  // the value of any of them
  std::unique_ptr<LinePattern> pattern;  // null: one of `values`
  std::unordered_set<std::string> values;

  bool matches(std::string_view value) const;
};

// Where the values come from that entries are counted by.
struct ValueSource {
  std::string field;  // empty: a group of a test's pattern
  uint32_t test = 0;
  std::unique_ptr<GroupPattern> group;
};

struct SearchTest {
  uint32_t test = 0;  // index in the question
  bool invert = false;
};

constexpr uint32_t kNoSource = UINT32_MAX;

struct JournalSearch {
  std::vector<SearchTest> tests;
  uint64_t since = 0;  // and until: microseconds since 1970, both included
  uint64_t until = UINT64_MAX;
  uint32_t source = kNoSource;
  uint32_t maximumValues = 0;

  bool covers(uint64_t realtime) const { return since <= realtime && realtime <= until; }
};

struct Question {
  std::vector<ValueTest> tests;
  std::vector<ValueSource> sources;
  std::vector<JournalSearch> searches;
  bool everyEntry = false;  // read, whether or not it can match
};

}  // namespace mig::journal
