// Reads the bytes of one file once into one buffer and feeds each piece to all searches and digests.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "content/byte_pattern.h"
#include "content/line_search.h"
#include "digest/digest.h"

namespace mig {

struct ByteSearch {
  const BytePattern* pattern = nullptr;
  bool found = false;
};

class ContentStream {
 public:
  static constexpr size_t kPieceBytes = 256 * 1024;
  // A longer line is searched in overlapping pieces: a match longer than the overlap can be missed.
  static constexpr size_t kMaxLineBytes = 4 * 1024 * 1024;
  static constexpr size_t kOverlapBytes = 64 * 1024;

  // Starts a new file. The searches must be added before the first piece.
  void reset();
  size_t addLineSearch(const LinePattern* pattern, bool everyLine);
  size_t addByteSearch(const BytePattern* pattern);

  // The buffer for the next piece, with room for kPieceBytes. Null when out of memory.
  uint8_t* space();
  // Feeds `count` new bytes in `space` to the searches; `last` at the end of the file.
  void match(size_t count, bool last);
  // Feeds the same bytes to the digests. A separate call, so that a digest is not computed after the match made it
  // needless.
  void digest();
  DigestSet& digests() { return digests_; }

  const LineSearch& lineSearch(size_t index) const { return lines_[index]; }
  bool foundBytes(size_t index) const { return bytes_[index].found; }
  // Whether a line was too long for the buffer.
  bool hadLongLine() const { return hadLongLine_; }

 private:
  bool reserve(size_t sizeBytes);
  void matchLines(size_t count, bool last);
  void matchBytes(size_t count);
  void showLines(size_t end);
  void showPiece(size_t end, bool endsLine);

  std::unique_ptr<uint8_t[]> buffer_;
  size_t capacity_ = 0;
  size_t kept_ = 0;       // bytes of earlier pieces, at the front
  size_t count_ = 0;      // bytes of the current piece, after them
  size_t lineStart_ = 0;  // where the bytes begin that no line search has seen as a line
  bool inLongLine_ = false;
  bool hadLongLine_ = false;
  size_t byteOverlap_ = 0;
  std::vector<LineSearch> lines_;
  std::vector<ByteSearch> bytes_;
  DigestSet digests_;
};

}  // namespace mig
