// Any pattern on any text, in pieces of any size: the stream answers like a loop over the lines.
#include "content/content_stream.h"
#include "fuzz/input.h"

namespace {

bool slowAnswer(const mig::LinePattern& pattern, std::string_view text, bool everyLine) {
  bool any = false;
  bool all = true;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const bool matches = pattern.matchesLine(text.substr(start, end - start));
    any = any || matches;
    all = all && matches;
    start = end + 1;
  }
  return everyLine ? !text.empty() && all : any;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  mig::FuzzInput input(data, sizeBytes);
  const bool everyLine = (input.byte() & 1) != 0;
  const size_t pieceBytes = input.byte() + 1u;
  std::string error;
  const auto pattern = mig::LinePattern::compile(input.text(64), error);
  const auto bytes = mig::BytePattern::parse(input.text(32));
  const std::string text = input.rest();
  static mig::ContentStream stream;
  stream.reset();
  size_t line = 0;
  size_t byte = 0;
  if (pattern) line = stream.addLineSearch(pattern.get(), everyLine);
  if (bytes) byte = stream.addByteSearch(bytes.get());
  for (size_t at = 0; at < text.size() || at == 0; at += pieceBytes) {
    const size_t count = std::min(pieceBytes, text.size() - at);
    text.copy(reinterpret_cast<char*>(stream.space()), count, at);
    stream.match(count, at + count == text.size());
  }
  if (pattern) mig::expect(stream.lineSearch(line).answer() == slowAnswer(*pattern, text, everyLine), "lines match as one by one");
  if (bytes) {
    const bool isIn = bytes->isIn(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    mig::expect(stream.foundBytes(byte) == isIn, "bytes are found as in one piece");
  }
  return 0;
}
