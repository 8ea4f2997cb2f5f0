// Any text as a parameter: patterns of each kind, bytes in hex. Accepted values must be usable.
#include <atomic>

#include "content/byte_pattern.h"
#include "fuzz/input.h"
#include "memory/memory_pattern.h"
#include "regex/pattern.h"
#include "text/escape.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  static const std::string sample = "GET /index.html?id=42 HTTP/1.1\r\nHost: example.org\r\n\xc3\xa9\xff";
  constexpr size_t kCacheBytes = 8 << 20;
  mig::FuzzInput input(data, sizeBytes);
  const bool caseInsensitive = (input.byte() & 1) != 0;
  const std::string text = input.rest();
  std::string error;
  if (const auto pattern = mig::Pattern::compile(text, caseInsensitive, error)) pattern->matches(sample);
  else mig::expect(!error.empty(), "a refusal has a reason");
  if (const auto pattern = mig::LinePattern::compile(text, error)) {
    const bool matches = pattern->matchesLine(sample.substr(0, sample.find('\n')));
    const size_t candidate = pattern->findCandidate(sample, 0);
    mig::expect(!matches || candidate != mig::LinePattern::npos, "a line that matches is a candidate");
  }
  const std::atomic<bool> stop{false};
  if (const auto pattern = mig::MemoryPattern::compile(text, kCacheBytes, error)) pattern->find(sample, 0, sample.size(), stop);
  if (const auto bytes = mig::BytePattern::parse(text)) bytes->isIn(reinterpret_cast<const uint8_t*>(sample.data()), sample.size());
  mig::escapeBytes(text);
  return 0;
}
