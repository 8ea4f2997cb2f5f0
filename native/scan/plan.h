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
#include "fs/fs.h"
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
enum class FileNumber : uint8_t { owner, group, links, inode };
// Any of the ranges, both ends included.
struct NumberTest {
  FileNumber number;
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
};
struct MarkTest {
  fs::Mark mark;
};
// On the names of extended attributes: one matches.
struct AttributeTest {
  std::unique_ptr<Pattern> pattern;
};
// Any of these bits.
struct CapabilityTest {
  uint64_t set;
};
enum class FileTime : uint8_t { modified, changed, born, accessed };
// Strictly between the two times, in seconds since the epoch.
struct TimeTest {
  FileTime time;
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
using Test = std::variant<NameTest, LinkTest, ModeTest, SizeTest, TimeTest, NumberTest, MarkTest, CapabilityTest, AttributeTest, BytesTest,
                          ContentTest, DigestTest>;

struct Check {
  uint32_t id;  // its index in the request
  bool invert;
  Test test;
};

struct Search {
  std::vector<Check> checks;  // cheapest first: name, then link and metadata, then content
  size_t infoFrom;            // where link and metadata begin
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
  fs::InfoScope infoScope;   // all when a check or the answer needs it
  std::vector<ProtectedPattern> protectedPatterns;
  std::vector<ProtectedContent> protectedContents;
  uint64_t protectedQuestions;  // questions about protected content that may be answered
};

}  // namespace mig
