// Any bytes as a journal file: no byte beyond the file is read, and no more is counted than there is.
#include <vector>

#include "fuzz/input.h"
#include "journal/file_scan.h"
#include "journal/value_index.h"

namespace {

class MemorySource final : public mig::journal::ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t sizeBytes() const override { return bytes_.size(); }
  size_t read(uint64_t offset, uint8_t* out, size_t count) override {
    const auto from = static_cast<size_t>(std::min<uint64_t>(offset, bytes_.size()));
    return bytes_.copy(reinterpret_cast<char*>(out), count, from);
  }

 private:
  const std::string bytes_;
};

mig::journal::ValueTest testOf(const char* field, const char* value) {
  mig::journal::ValueTest test;
  test.fields = {field};
  test.values = {value};
  return test;
}

const mig::journal::Question& question() {
  static const mig::journal::Question asked = [] {
    mig::journal::Question made;
    std::string error;
    mig::journal::ValueTest pattern;
    pattern.fields = {"MESSAGE"};
    pattern.pattern = mig::LinePattern::compile("session (\\w+)", error);
    made.tests.push_back(std::move(pattern));
    made.tests.push_back(testOf("PRIORITY", "3"));
    made.sources.push_back({"", 0, mig::journal::GroupPattern::compile("session (\\w+)", 1, error)});
    made.sources.push_back({"SYSLOG_IDENTIFIER", 0, nullptr});
    made.searches.push_back({{{0, false}, {1, false}}, 0, UINT64_MAX, 0, 4});
    made.searches.push_back({{{1, false}}, 0, UINT64_MAX, 1, 4});
    return made;
  }();
  return asked;
}

uint64_t countAll(MemorySource& source, const mig::journal::FileHeader& header, bool byIndex) {
  static mig::Unpacker unpacker;
  mig::journal::Reading reading(question(), unpacker);
  mig::journal::FileScan scan(source, header, reading);
  const auto go = [] { return true; };
  const auto few = byIndex ? mig::journal::ValueIndex(source, header).findEntries(question()) : std::nullopt;
  const mig::journal::FileFacts facts = few ? scan.readSome(*few, go) : scan.readAll(go);
  // An entry takes at least 64 bytes.
  mig::expect(facts.span.count <= source.sizeBytes() / 64, "no entry is counted twice");
  uint64_t matched = 0;
  for (const mig::journal::Tally& tally : reading.counter.tallies()) {
    mig::expect(byIndex || tally.all.count <= facts.span.count, "no more entries match than there are");
    matched += tally.all.count;
  }
  for (const mig::journal::SequenceSummary& sequence : reading.sequences.summarize()) mig::expect(sequence.from <= sequence.to, "numbers ascend");
  return matched;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  MemorySource source(std::string(reinterpret_cast<const char*>(data), sizeBytes));
  mig::journal::FileHeader header;
  if (mig::journal::readHeader(source, header) != mig::journal::HeaderOutcome::known) return 0;
  countAll(source, header, false);
  countAll(source, header, true);
  return 0;
}
