#include "scan/plan_napi.h"

#include <algorithm>

#include "fs/path_text.h"
#include "napi/values.h"

namespace mig {

namespace {

std::string textOf(const Napi::Object& object, const char* key) { return object.Get(key).ToString().Utf8Value(); }
std::string textOrBytesOf(const Napi::Value& value) {
  if (!value.IsBuffer()) return value.ToString().Utf8Value();
  const auto bytes = value.As<Napi::Buffer<char>>();
  return {bytes.Data(), bytes.Length()};
}
double numberOf(const Napi::Object& object, const char* key) { return object.Get(key).ToNumber().DoubleValue(); }
uint32_t countOf(const Napi::Object& object, const char* key) { return object.Get(key).ToNumber().Uint32Value(); }
Napi::Array arrayOf(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  return value.IsArray() ? value.As<Napi::Array>() : Napi::Array::New(object.Env(), 0);
}

bool parseHex(const std::string& text, std::string& bytes) {
  if (text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
  for (size_t index = 0; index < text.size(); index += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(index, 2), nullptr, 16));
  }
  return true;
}

bool addDigest(DigestTest& test, const Napi::Object& value, uint32_t index) {
  DigestAlgorithm algorithm;
  std::string bytes;
  if (!parseDigestAlgorithm(textOf(value, "algorithm"), algorithm)) return false;
  if (!parseHex(textOf(value, "hex"), bytes) || bytes.size() != digestBytes(algorithm)) return false;
  auto same = std::find_if(test.values.begin(), test.values.end(), [&](const auto& entry) { return entry.first == algorithm; });
  if (same == test.values.end()) same = test.values.insert(same, {algorithm, {}});
  same->second.emplace(bytes, index);
  return true;
}

bool parseFileTime(const std::string& name, FileTime& time) {
  if (name == "mtime") time = FileTime::modified;
  else if (name == "ctime") time = FileTime::changed;
  else if (name == "btime") time = FileTime::born;
  else if (name == "atime") time = FileTime::accessed;
  else return false;
  return true;
}

bool parseFileNumber(const std::string& name, FileNumber& number) {
  if (name == "owner") number = FileNumber::owner;
  else if (name == "group") number = FileNumber::group;
  else if (name == "links") number = FileNumber::links;
  else if (name == "inode") number = FileNumber::inode;
  else return false;
  return true;
}

// Beyond 64 bits there is no file.
uint64_t bigOf(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  bool isLossless = false;
  return value.IsBigInt() ? value.As<Napi::BigInt>().Uint64Value(&isLossless) : 0;
}

// Tests of what a stat tells.
bool toInfoTest(const Napi::Object& object, const std::string& kind, Test& test) {
  const std::string of = textOf(object, "of");
  if (kind == "time") {
    TimeTest time{FileTime::modified, numberOf(object, "after"), numberOf(object, "before")};
    if (!parseFileTime(of, time.time)) return false;
    test = time;
  } else if (kind == "number") {
    NumberTest number{};
    if (!parseFileNumber(of, number.number)) return false;
    const Napi::Array ranges = arrayOf(object, "ranges");
    for (uint32_t index = 0; index < ranges.Length(); index += 1) {
      const Napi::Object range = ranges.Get(index).ToObject();
      number.ranges.emplace_back(bigOf(range, "minimum"), bigOf(range, "maximum"));
    }
    test = std::move(number);
  } else if (kind == "mark") {
    test = MarkTest{of == "append-only" ? fs::kAppendOnly : fs::kImmutable};
  } else if (kind == "capability") {
    test = CapabilityTest{bigOf(object, "set")};
  } else {
    return false;
  }
  return true;
}

bool toTest(const Napi::Object& object, Test& test, std::string& error) {
  const std::string kind = textOf(object, "kind");
  const std::string pattern = textOf(object, "pattern");
  if (kind == "name" || kind == "link" || kind == "mode" || kind == "attribute") {
    auto compiled = Pattern::compile(pattern, false, error);
    if (!compiled) return false;
    if (kind == "name") test = NameTest{std::move(compiled)};
    else if (kind == "link") test = LinkTest{std::move(compiled)};
    else if (kind == "mode") test = ModeTest{std::move(compiled)};
    else test = AttributeTest{std::move(compiled)};
  } else if (kind == "content") {
    auto compiled = LinePattern::compile(pattern, error);
    if (!compiled) return false;
    test = ContentTest{std::move(compiled), boolOf(object, "everyLine")};
  } else if (kind == "bytes") {
    auto bytes = BytePattern::parse(pattern);
    error = "expected pairs of hex digits or ??, at most 4096 bytes and at least one of them known";
    if (!bytes) return false;
    test = BytesTest{std::move(bytes)};
  } else if (kind == "size") {
    SizeTest size;
    const Napi::Array ranges = arrayOf(object, "ranges");
    for (uint32_t index = 0; index < ranges.Length(); index += 1) {
      const Napi::Object range = ranges.Get(index).ToObject();
      size.ranges.emplace_back(numberOf(range, "minimum"), numberOf(range, "maximum"));
    }
    test = std::move(size);
  } else if (kind == "digest") {
    DigestTest digest;
    const Napi::Array values = arrayOf(object, "values");
    error = "expected a digest in hex of the algorithm's length";
    for (uint32_t index = 0; index < values.Length(); index += 1) {
      if (!addDigest(digest, values.Get(index).ToObject(), index)) return false;
    }
    test = std::move(digest);
  } else if (!toInfoTest(object, kind, test)) {
    error = "expected a known kind of check, got " + kind;
    return false;
  }
  error.clear();
  return true;
}

// The number of checks whose test comes before this one.
size_t countBefore(const Search& search, const Test& first) {
  return static_cast<size_t>(std::count_if(search.checks.begin(), search.checks.end(), [&](const Check& check) { return check.test.index() < first.index(); }));
}

bool toSearch(const Napi::Object& object, Search& search, std::string& error) {
  search.matchAll = boolOf(object, "matchAll");
  search.decompress = boolOf(object, "decompress");
  if (!parseTextEncoding(textOf(object, "encoding"), search.encoding)) {
    error = "expected a known encoding, got " + textOf(object, "encoding");
    return false;
  }
  search.returnSha256 = boolOf(object, "returnSha256");
  search.maxDepth = countOf(object, "maxDepth");
  search.matchLimit = countOf(object, "matchLimit");
  const Napi::Array checks = arrayOf(object, "checks");
  for (uint32_t index = 0; index < checks.Length(); index += 1) {
    const Napi::Object source = checks.Get(index).ToObject();
    Check check{index, boolOf(source, "invert"), {}};
    if (!toTest(source, check.test, error)) {
      error = textOf(source, "kind") + " \"" + textOf(source, "pattern") + "\": " + error;
      return false;
    }
    search.checks.push_back(std::move(check));
  }
  std::stable_sort(search.checks.begin(), search.checks.end(),
                   [](const Check& a, const Check& b) { return a.test.index() < b.test.index(); });
  search.infoFrom = countBefore(search, LinkTest{});
  search.contentFrom = countBefore(search, BytesTest{});
  return true;
}

bool needsFacts(const Test& test) {
  const auto* time = std::get_if<TimeTest>(&test);
  return (time != nullptr && time->time != FileTime::modified) || std::holds_alternative<NumberTest>(test) || std::holds_alternative<MarkTest>(test);
}

}  // namespace

std::unique_ptr<Plan> toPlan(const Napi::Object& object, std::string& error) {
  auto plan = std::make_unique<Plan>();
  plan->threads = std::clamp(countOf(object, "threads"), 1u, 16u);
  plan->cpuPercent = countOf(object, "cpuPercent");
  plan->seconds = numberOf(object, "seconds");
  plan->maxErrors = countOf(object, "maxErrors");
  plan->infoScope = boolOf(object, "returnFacts") ? fs::InfoScope::all : fs::InfoScope::basic;
  plan->protectedQuestions = countOf(object, "protectedQuestions");
  const Napi::Array patterns = arrayOf(object, "protectedPatterns");
  for (uint32_t index = 0; index < patterns.Length(); index += 1) {
    const Napi::Object source = patterns.Get(index).ToObject();
    plan->protectedPatterns.push_back({fs::parseGlob(textOf(source, "glob")), boolOf(source, "mayRead"), boolOf(source, "mayTell")});
  }
  const Napi::Array contents = arrayOf(object, "protectedContents");
  for (uint32_t index = 0; index < contents.Length(); index += 1) {
    const Napi::Object source = contents.Get(index).ToObject();
    const SecretKind kind = secretKindOfName(textOf(source, "kind"));
    if (kind == SecretKind::none) {
      error = "expected a known kind of content, got " + textOf(source, "kind");
      return nullptr;
    }
    plan->protectedContents.push_back({kind, boolOf(source, "mayRead")});
  }
  const Napi::Array searches = arrayOf(object, "searches");
  for (uint32_t index = 0; index < searches.Length(); index += 1) {
    Search search{};
    if (!toSearch(searches.Get(index).ToObject(), search, error)) return nullptr;
    if (std::any_of(search.checks.begin(), search.checks.end(), [](const Check& check) { return needsFacts(check.test); })) plan->infoScope = fs::InfoScope::all;
    plan->searches.push_back(std::move(search));
  }
  const Napi::Array roots = arrayOf(object, "roots");
  for (uint32_t index = 0; index < roots.Length(); index += 1) {
    const Napi::Object source = roots.Get(index).ToObject();
    Root root;
    const std::string path = textOrBytesOf(source.Get("path"));
    if (!fs::parsePath(path, root.path)) {
      error = "expected an absolute path such as " + std::string(fs::kPathExample) + ", got \"" + path + "\"";
      return nullptr;
    }
    const Napi::Array numbers = arrayOf(source, "searches");
    for (uint32_t at = 0; at < numbers.Length(); at += 1) {
      const uint32_t number = numbers.Get(at).ToNumber().Uint32Value();
      if (number < plan->searches.size()) root.searches.push_back(number);
    }
    plan->roots.push_back(std::move(root));
  }
  return plan;
}

const char* stopName(StopReason reason) {
  switch (reason) {
    case StopReason::cancelled: return "cancelled";
    case StopReason::time: return "time";
    case StopReason::memory: return "memory";
    case StopReason::none:
    case StopReason::matchLimit: return nullptr;
  }
  return nullptr;
}

}  // namespace mig
