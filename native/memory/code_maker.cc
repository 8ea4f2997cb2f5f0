#include "memory/code_maker.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace mig {

namespace {

using namespace std::string_view_literals;

// The first code bytes of a closure. See libffi's src/x86/ffi64.c, ffiw64.c and src/aarch64/ffi.c.
constexpr std::string_view kClosures[] = {
    "\xf3\x0f\x1e\xfa\x4c\x8d\x15\xf5\xff\xff\xff\xff\x25"sv,  // endbr64; lea -11(%rip), %r10; jmp *
    "\x4c\x8d\x15\xf9\xff\xff\xff\xff\x25"sv,  // before 3.4: without endbr64
    "\x90\x00\x00\x58\xf1\xff\xff\x10\x00\x02\x1f\xd6"sv,  // ldr x16, 16; adr x17, 0; br x16
};
// sljit allocates chunks of this size. See its sljitExecAllocatorCore.c.
constexpr uint64_t kPatternChunkBytes = 64 * 1024;

uint64_t wordAt(const std::vector<uint8_t>& page, size_t index) {
  uint64_t word = 0;
  memcpy(&word, page.data() + index * sizeof word, sizeof word);
  return word;
}

bool readFirstPage(Target& target, const Mapping& mapping, std::vector<uint8_t>& page) {
  std::vector<ResidentRange> ranges;
  std::vector<size_t> got;
  uint64_t swappedBytes = 0;
  uint64_t walkedTo = 0;
  const uint64_t end = mapping.start + pageBytes();
  if (target.listResident(mapping.start, end, ranges, swappedBytes, walkedTo) != 0 || ranges.empty()) return false;
  page.resize(pageBytes());
  return target.read({{mapping.start, page.size(), 0, !mapping.isReadable}}, page.data(), got) == 0 && got[0] == page.size();
}

}  // namespace

const char* codeMakerName(CodeMaker maker) {
  switch (maker) {
    case CodeMaker::closures: return "closures";
    case CodeMaker::patterns: return "patterns";
    case CodeMaker::unknown: break;
  }
  return "unknown";
}

// Both allocate writable memory that begins with the sizes of the allocator's first block and of the one before.
CodeMaker findCodeMaker(Target& target, const Mapping& mapping) {
  std::vector<uint8_t> page;
  if (!mapping.isWritable || !readFirstPage(target, mapping, page)) return CodeMaker::unknown;
  const std::string_view text(reinterpret_cast<const char*>(page.data()), page.size());
  const bool hasClosure = std::any_of(std::begin(kClosures), std::end(kClosures),
                                      [&](std::string_view closure) { return text.find(closure) != std::string_view::npos; });
  if (wordAt(page, 0) == 0 && hasClosure) return CodeMaker::closures;
  const uint64_t sizeBytes = mapping.end - mapping.start;
  const uint64_t block = wordAt(page, 0);
  const bool isBlock = block < sizeBytes && block % sizeof block == 0 && wordAt(page, 1) == 0;
  const bool isChunk = isBlock && sizeBytes % kPatternChunkBytes == 0;
  return isChunk ? CodeMaker::patterns : CodeMaker::unknown;
}

}  // namespace mig
