// Any pattern on any text in any encoding, in pieces of any size: the stream answers like a loop over the lines.
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

// The lines as a search of this encoding sees them.
std::string linesOf(const std::string& text, mig::TextStart start, size_t markBytes) {
  if (start.encoding == mig::TextEncoding::utf8) return text.substr(std::min(markBytes, text.size()));
  std::string_view rest = std::string_view(text).substr(std::min(start.markBytes, text.size()));
  std::string lines(2 * rest.size() + 16, '\0');
  mig::TextDecoder decoder;
  decoder.start(start.encoding);
  lines.resize(decoder.decode(rest, true, reinterpret_cast<uint8_t*>(lines.data()), lines.size()));
  return lines;
}

std::string withoutNul(const std::string& text) {
  std::string kept;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at) + '\n';
    if (line.find('\0') == std::string::npos) kept += line;
    at = end + 1;
  }
  return kept;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  mig::FuzzInput input(data, sizeBytes);
  const bool everyLine = (input.byte() & 1) != 0;
  const size_t pieceBytes = input.byte() + 4u;
  const auto encoding = static_cast<mig::TextEncoding>(input.byte() % 6);
  std::string error;
  const auto pattern = mig::LinePattern::compile(input.text(64), error);
  const auto bytes = mig::BytePattern::parse(input.text(32));
  const std::string text = input.rest();
  static mig::ContentStream stream;
  stream.reset();
  size_t line = 0;
  size_t byte = 0;
  if (pattern) line = stream.addLineSearch(pattern.get(), everyLine, encoding);
  if (bytes) byte = stream.addByteSearch(bytes.get());
  for (size_t at = 0; at < text.size() || at == 0; at += pieceBytes) {
    const size_t count = std::min(pieceBytes, text.size() - at);
    text.copy(reinterpret_cast<char*>(stream.space()), count, at);
    mig::expect(stream.match(count, at + count == text.size()), "there is memory");
  }
  if (pattern) {
    const std::string head = text.substr(0, pieceBytes);
    const mig::TextStart said = mig::textStartOf(head, mig::TextEncoding::automatic);
    const mig::TextStart start = encoding == mig::TextEncoding::automatic ? said : mig::textStartOf(head, encoding);
    bool expected = slowAnswer(*pattern, linesOf(text, start, said.markBytes), everyLine);
    const bool isAlsoRaw = encoding == mig::TextEncoding::automatic && start.encoding != mig::TextEncoding::utf8 && !everyLine;
    if (isAlsoRaw) expected = expected || slowAnswer(*pattern, withoutNul(text.substr(said.markBytes)), false);
    mig::expect(stream.answer(line) == expected, "lines match as one by one");
  }
  if (bytes) {
    const bool isIn = bytes->isIn(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    mig::expect(stream.foundBytes(byte) == isIn, "bytes are found as in one piece");
  }
  return 0;
}
