// Reads the bytes of one file once into one buffer and feeds each piece to all searches and digests.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "content/byte_pattern.h"
#include "content/line_search.h"
#include "digest/digest.h"
#include "text/encoding.h"

namespace mig {

class DecodedText;

struct ByteSearch {
  const BytePattern* pattern = nullptr;
  bool found = false;
};

class ContentStream {
 public:
  static constexpr size_t kPieceBytes = 256 * 1024;
  // A longer line is searched in overlapping pieces: a match longer than the overlap is not known.
  static constexpr size_t kMaxLineBytes = 4 * 1024 * 1024;
  static constexpr size_t kOverlapBytes = LineSearch::kOverlapBytes;

  ContentStream();
  ~ContentStream();

  // Starts a new file. The searches must be added before the first piece.
  void reset();
  size_t addLineSearch(const LinePattern* pattern, bool everyLine, TextEncoding encoding);
  size_t addByteSearch(const BytePattern* pattern);

  // The buffer for the next piece, with room for kPieceBytes. Null when out of memory.
  uint8_t* space();
  // Feeds `count` new bytes in `space` to the searches; `last` at the end of the file. False when out of memory.
  bool match(size_t count, bool last);
  // The rest cannot be read: searches the beginning of a line that has no end yet.
  void endEarly();
  // Feeds the same bytes to the digests. A separate call, so that a digest is not computed after the match made it
  // needless.
  void digest();
  DigestSet& digests() { return digests_; }

  // Of a line search: whether more lines cannot change its answer, the answer for the lines seen so far, and whether a
  // line was too long to give one.
  bool isDecided(size_t lineSearch) const;
  bool answer(size_t lineSearch) const;
  bool isUnknown(size_t lineSearch) const;
  bool foundBytes(size_t index) const { return bytes_[index].found; }

 private:
  // A line search and where its lines are.
  struct WantedLines {
    const LinePattern* pattern;
    bool everyLine;
    TextEncoding encoding;
    int own = -1;                 // in lines_
    DecodedText* text = nullptr;  // whose lines are searched
    size_t inText = 0;
  };

  bool reserve(size_t sizeBytes);
  void begin(size_t count);
  DecodedText& textIn(TextEncoding encoding);
  bool matchDecoded(size_t count, bool last);
  void matchLines(size_t count, bool last);
  void matchBytes(size_t count);
  void showLines(size_t end);
  void showPiece(size_t end, bool endsLine);

  std::unique_ptr<uint8_t[]> buffer_;
  size_t capacity_ = 0;
  size_t kept_ = 0;       // bytes of earlier pieces, at the front
  size_t count_ = 0;      // bytes of the current piece, after them
  size_t lineStart_ = 0;  // where the bytes begin that no line search has seen as a line
  bool isBegun_ = false;
  bool inLongLine_ = false;
  size_t byteOverlap_ = 0;
  std::vector<WantedLines> wanted_;
  std::vector<LineSearch> lines_;
  // The first `textCount_` are in use.
  std::vector<std::unique_ptr<DecodedText>> texts_;
  size_t textCount_ = 0;
  size_t markBytes_ = 0;  // that are not part of the decoded texts
  std::vector<ByteSearch> bytes_;
  DigestSet digests_;
};

}  // namespace mig
