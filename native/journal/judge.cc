#include "journal/judge.h"

#include <algorithm>

namespace mig::journal {

namespace {

constexpr size_t kMostValueBytes = 1024;
// Of all values with numbers, and what one takes beside its text.
constexpr size_t kMostBytes = 32 << 20;
constexpr size_t kBytesBeside = 96;

bool beginsWith(std::string_view text, std::string_view beginning) { return text.substr(0, beginning.size()) == beginning; }

}  // namespace

Judge::Judge(const Question& question) : question_(question), groups_(question.tests.size()), numbers_(question.sources.size()) {
  for (uint32_t test = 0; test < question.tests.size(); test += 1) {
    for (const std::string& name : question.tests[test].fields) fieldOf(name).tests.push_back(test);
  }
  for (uint32_t source = 0; source < question.sources.size(); source += 1) {
    const ValueSource& from = question.sources[source];
    if (from.group) groups_[from.test].push_back(source);
    else fieldOf(from.field).sources.push_back(source);
  }
  for (uint32_t index = 0; index < fields_.size(); index += 1) {
    byFirst_[static_cast<uint8_t>(fields_[index].beginning[0])].push_back(index);
  }
  beginFile();
}

Judge::Field& Judge::fieldOf(const std::string& name) {
  const std::string beginning = name + "=";
  const auto same = std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.beginning == beginning; });
  if (same != fields_.end()) return *same;
  fields_.push_back({beginning, {}, {}});
  return fields_.back();
}

void Judge::beginFile() {
  known_.clear();
  classes_.assign(1, nullptr);
}

const Judge::Field* Judge::find(std::string_view payload) const {
  if (payload.empty()) return nullptr;
  for (const uint32_t index : byFirst_[static_cast<uint8_t>(payload[0])]) {
    if (beginsWith(payload, fields_[index].beginning)) return &fields_[index];
  }
  return nullptr;
}

bool Judge::wants(std::string_view beginning) const { return find(beginning) != nullptr; }

ClassId Judge::judge(std::string_view payload) {
  const Field* field = find(payload);
  if (field == nullptr) return 0;
  const std::string_view value = payload.substr(field->beginning.size());
  Answers answers;
  for (const uint32_t test : field->tests) {
    if (!question_.tests[test].matches(value)) continue;
    answers.tests.push_back(test);
    for (const uint32_t source : groups_[test]) {
      std::string_view group;
      if (question_.sources[source].group->find(value, group)) answers.values.emplace_back(source, numberOf(source, group));
    }
  }
  for (const uint32_t source : field->sources) answers.values.emplace_back(source, numberOf(source, value));
  if (answers.tests.empty() && answers.values.empty()) return 0;
  const auto [entry, isNew] = known_.emplace(std::move(answers), static_cast<ClassId>(classes_.size()));
  if (isNew) classes_.push_back(&entry->first);
  return entry->second;
}

ValueNumber Judge::numberOf(uint32_t source, std::string_view value) {
  if (value.size() > kMostValueBytes) return kNoNumber;
  Numbers& numbers = numbers_[source];
  std::string text(value);
  const auto found = numbers.byValue.find(text);
  if (found != numbers.byValue.end()) return found->second;
  if (valueBytes_ + text.size() + kBytesBeside > kMostBytes) return kNoNumber;
  valueBytes_ += text.size() + kBytesBeside;
  const auto number = static_cast<ValueNumber>(numbers.values.size());
  numbers.values.push_back(&numbers.byValue.emplace(std::move(text), number).first->first);
  return number;
}

}  // namespace mig::journal
