// The plan of a scan: checked, compiled, with the cheapest checks first.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "content/byte_pattern.h"
#include "digest/digest.h"
#include "regex/pattern.h"
#include "scan/protection.h"
#include "text/encoding.h"

namespace mig {

struct NameTest {
  std::unique_ptr<Pattern> pattern;
};
// On the text of a link, as it is written.
struct LinkTest {
  std::unique_ptr<Pattern> pattern;
};
struct ModeTest {
  std::unique_ptr<Pattern> pattern;
};
// Any of the ranges, both ends included.
struct SizeTest {
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
};
// Strictly between the two times, in seconds since the epoch.
struct TimeTest {
  double after;
  double before;
};
struct ContentTest {
  std::unique_ptr<LinePattern> pattern;
  bool everyLine;
};
struct BytesTest {
  std::unique_ptr<BytePattern> pattern;
};
// Any of the values; each maps to its index in the given list.
struct DigestTest {
  std::vector<std::pair<DigestAlgorithm, std::unordered_map<std::string, uint32_t>>> values;
};

// Cheapest first; the mode's answer is often known from the file before.
using Test = std::variant<NameTest, LinkTest, ModeTest, SizeTest, TimeTest, BytesTest, ContentTest, DigestTest>;

struct Check {
  uint32_t id;  // its index in the request
  bool invert;
  Test test;
};

struct Search {
  std::vector<Check> checks;  // cheapest first: name, then link, size, time and mode, then content
  size_t infoFrom;            // where link, size, time and mode begin
  size_t contentFrom;
  bool matchAll;
  bool decompress;
  TextEncoding encoding;
  bool returnSha256;
  uint32_t maxDepth;    // 0 for no limit; 1 is the files directly in a root
  uint64_t matchLimit;  // 0 for no limit

  bool wantsContent() const { return returnSha256 || contentFrom < checks.size(); }
};

struct Root {
  std::string path;
  std::vector<uint32_t> searches;
};

struct Plan {
  std::vector<Search> searches;
  std::vector<Root> roots;
  unsigned threads;
  unsigned cpuPercent;       // of one core; 0 for no limit
  double seconds;            // of wall time; 0 for no limit
  size_t maxErrors;          // kept as text; all are counted
  std::vector<ProtectedPattern> protectedPatterns;
  std::vector<ProtectedContent> protectedContents;
  uint64_t protectedQuestions;  // questions about protected content that may be answered
};

}  // namespace mig
