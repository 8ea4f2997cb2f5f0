// The file's own index of values: which entries have one, without reading the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/byte_source.h"
#include "journal/file_header.h"
#include "journal/question.h"

namespace mig::journal {

class ValueIndex {
 public:
  ValueIndex(ByteSource& source, const FileHeader& header) : source_(source), header_(header), window_(source, kWindowBytes) {}

  // The offsets of all entries that a search can match, ascending. Nothing when these are too many to be worth it, or
  // when the index is damaged or leads to no such set.
  std::optional<std::vector<uint64_t>> findEntries(const Question& question);

 private:
  static constexpr size_t kWindowBytes = 4096;

  // A data object, as far as it leads to entries.
  struct Value {
    uint64_t firstEntry = 0;
    uint64_t entryArray = 0;
    uint64_t entries = 0;
  };
  using Values = std::vector<Value>;

  // Nothing when the index is damaged; a value that is not there is none.
  std::optional<Values> findValues(const ValueTest& test);
  std::optional<Values> findFewest(const Question& question, const JournalSearch& search);
  bool addValue(const std::string& payload, Values& values);
  bool addEntries(const Value& value, std::vector<uint64_t>& entries);

  ByteSource& source_;
  const FileHeader& header_;
  Window window_;
};

}  // namespace mig::journal
