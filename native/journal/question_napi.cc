#include "journal/question_napi.h"

#include <algorithm>
#include <cmath>

#include "napi/values.h"

namespace mig::journal {

namespace {

constexpr size_t kMostTests = 1024;
constexpr uint32_t kMostValues = 100000;
// As journald takes them.
constexpr size_t kMostFieldBytes = 64;

std::string textAt(const Napi::Object& object, const char* key) { return object.Get(key).ToString().Utf8Value(); }

bool isFieldName(const std::string& name) {
  return !name.empty() && name.size() <= kMostFieldBytes && name.find('=') == std::string::npos;
}

// Microseconds; an infinity is the first or the last time.
uint64_t timeOf(double ms, bool roundsUp) {
  const double microseconds = ms * 1000;
  if (!(microseconds > 0)) return 0;
  // Beyond it journald takes no time, and a double has no single microseconds.
  if (microseconds >= 9e15) return UINT64_MAX;
  return static_cast<uint64_t>(roundsUp ? std::ceil(microseconds) : std::floor(microseconds));
}

bool toValueTest(const Napi::Object& object, ValueTest& test, std::string& error) {
  const Napi::Array fields = object.Get("fields").As<Napi::Array>();
  for (uint32_t index = 0; index < fields.Length(); index += 1) {
    test.fields.push_back(fields.Get(index).ToString().Utf8Value());
    if (isFieldName(test.fields.back())) continue;
    error = "expected the name of a field, got \"" + test.fields.back() + "\"";
    return false;
  }
  if (test.fields.empty()) {
    error = "expected the name of a field, got none";
    return false;
  }
  const Napi::Object value = object.Get("value").ToObject();
  if (textAt(value, "kind") == "pattern") {
    test.pattern = LinePattern::compile(textAt(value, "pattern"), error);
    if (!test.pattern) error = "\"" + textAt(value, "pattern") + "\": " + error;
    return test.pattern != nullptr;
  }
  const Napi::Array values = value.Get("values").As<Napi::Array>();
  for (uint32_t index = 0; index < values.Length(); index += 1) test.values.insert(values.Get(index).ToString().Utf8Value());
  return true;
}

// The number of the source; the same field is one source for all searches.
uint32_t addSource(Question& question, ValueSource source) {
  const auto same = std::find_if(question.sources.begin(), question.sources.end(),
                                 [&](const ValueSource& other) { return !source.group && !other.group && other.field == source.field; });
  if (same != question.sources.end()) return static_cast<uint32_t>(same - question.sources.begin());
  question.sources.push_back(std::move(source));
  return static_cast<uint32_t>(question.sources.size() - 1);
}

bool addBy(Question& question, JournalSearch& search, const Napi::Object& by, const Napi::Array& tests, std::string& error) {
  ValueSource source;
  if (textAt(by, "kind") == "field") {
    source.field = textAt(by, "field");
    error = "expected the name of a field, got \"" + source.field + "\"";
    if (!isFieldName(source.field)) return false;
  } else {
    const uint32_t index = by.Get("test").ToNumber().Uint32Value();
    const bool isPattern = index < search.tests.size() && question.tests[search.tests[index].test].pattern != nullptr;
    error = "expected the index of a test with a pattern, got " + std::to_string(index);
    if (!isPattern || search.tests[index].invert) return false;
    source.test = search.tests[index].test;
    const Napi::Object value = tests.Get(index).ToObject().Get("value").ToObject();
    source.group = GroupPattern::compile(textAt(value, "pattern"), by.Get("group").ToNumber().Int32Value(), error);
    if (!source.group) return false;
  }
  search.source = addSource(question, std::move(source));
  return true;
}

bool toJournalSearch(const Napi::Object& object, Question& question, JournalSearch& search, std::string& error) {
  const Napi::Array tests = object.Get("tests").As<Napi::Array>();
  for (uint32_t index = 0; index < tests.Length(); index += 1) {
    const Napi::Object source = tests.Get(index).ToObject();
    search.tests.push_back({static_cast<uint32_t>(question.tests.size()), boolOf(source, "invert")});
    question.tests.emplace_back();
    if (!toValueTest(source, question.tests.back(), error)) return false;
  }
  search.since = timeOf(object.Get("sinceMs").ToNumber().DoubleValue(), true);
  search.until = timeOf(object.Get("untilMs").ToNumber().DoubleValue(), false);
  search.maximumValues = std::min(object.Get("maximumValues").ToNumber().Uint32Value(), kMostValues);
  const Napi::Value by = object.Get("by");
  return by.IsNull() || addBy(question, search, by.ToObject(), tests, error);
}

}  // namespace

std::unique_ptr<Question> toQuestion(const Napi::Array& searches, std::string& error) {
  auto question = std::make_unique<Question>();
  for (uint32_t index = 0; index < searches.Length(); index += 1) {
    JournalSearch search;
    if (!toJournalSearch(searches.Get(index).ToObject(), *question, search, error)) return nullptr;
    question->searches.push_back(std::move(search));
    error = "expected at most " + std::to_string(kMostTests) + " tests and searches";
    if (question->tests.size() > kMostTests || question->searches.size() > kMostTests) return nullptr;
  }
  error.clear();
  return question;
}

}  // namespace mig::journal
