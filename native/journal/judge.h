// Judges the data objects of a file: which tests their value passes, and which values to count by they are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "journal/judgements.h"
#include "journal/question.h"

namespace mig::journal {

// The number of a value of a source. Values that are too long, or too many, have none.
using ValueNumber = uint32_t;
constexpr ValueNumber kNoNumber = UINT32_MAX;

struct Answers {
  std::vector<uint32_t> tests;
  std::vector<std::pair<uint32_t, ValueNumber>> values;  // by source

  bool operator<(const Answers& other) const { return tests != other.tests ? tests < other.tests : values < other.values; }
};

class Judge {
 public:
  explicit Judge(const Question& question);

  // Forgets the judgements of the file before; values keep their numbers.
  void beginFile();
  // Whether a payload that begins like this, with at least kNameBytes unless it ends before, is of any interest.
  bool wants(std::string_view beginning) const;
  // 0 for one of no interest. `payload`: the field's name, `=`, and the value.
  ClassId judge(std::string_view payload);
  const Answers& answers(ClassId judgement) const { return *classes_[judgement]; }
  const std::string& value(uint32_t source, ValueNumber number) const { return *numbers_[source].values[number]; }

  // The longest name of a field, with its `=`.
  static constexpr size_t kNameBytes = 65;

 private:
  // What is asked about one field.
  struct Field {
    std::string beginning;  // with the `=`
    std::vector<uint32_t> tests;
    std::vector<uint32_t> sources;
  };
  struct Numbers {
    std::unordered_map<std::string, ValueNumber> byValue;
    std::vector<const std::string*> values;
  };

  Field& fieldOf(const std::string& name);
  const Field* find(std::string_view payload) const;
  ValueNumber numberOf(uint32_t source, std::string_view value);

  const Question& question_;
  std::vector<Field> fields_;
  std::array<std::vector<uint32_t>, 256> byFirst_;  // indexes of fields, by their first byte
  std::vector<std::vector<uint32_t>> groups_;       // sources, by the test whose pattern has them
  std::map<Answers, ClassId> known_;
  std::vector<const Answers*> classes_;  // keys of `known_`; 0 is none
  std::vector<Numbers> numbers_;         // by source
  size_t valueBytes_ = 0;
};

}  // namespace mig::journal
