#include "content/content_stream.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "text/last_byte.h"

namespace mig {

void ContentStream::reset() {
  kept_ = count_ = lineStart_ = byteOverlap_ = 0;
  inLongLine_ = hadLongLine_ = false;
  lines_.clear();
  bytes_.clear();
}

size_t ContentStream::addLineSearch(const LinePattern* pattern, bool everyLine) {
  lines_.emplace_back(pattern, everyLine);
  return lines_.size() - 1;
}

size_t ContentStream::addByteSearch(const BytePattern* pattern) {
  byteOverlap_ = std::max(byteOverlap_, pattern->size() - 1);
  bytes_.push_back({pattern, false});
  return bytes_.size() - 1;
}

bool ContentStream::reserve(size_t sizeBytes) {
  if (sizeBytes <= capacity_) return true;
  const size_t grown = std::max(sizeBytes, capacity_ * 2);
  std::unique_ptr<uint8_t[]> larger(new (std::nothrow) uint8_t[grown]);
  if (!larger) return false;
  if (kept_ > 0) memcpy(larger.get(), buffer_.get(), kept_);
  buffer_ = std::move(larger);
  capacity_ = grown;
  return true;
}

// Keeps the bytes that the next piece continues: the unfinished line, and the end of the data for byte strings.
uint8_t* ContentStream::space() {
  const size_t end = kept_ + count_;
  const size_t bytesFrom = end - std::min(end, byteOverlap_);
  const size_t keepFrom = lines_.empty() ? bytesFrom : std::min(lineStart_, bytesFrom);
  if (keepFrom > 0) memmove(buffer_.get(), buffer_.get() + keepFrom, end - keepFrom);
  kept_ = end - keepFrom;
  lineStart_ = lines_.empty() ? 0 : lineStart_ - keepFrom;
  count_ = 0;
  if (!reserve(kept_ + kPieceBytes)) return nullptr;
  return buffer_.get() + kept_;
}

void ContentStream::match(size_t count, bool last) {
  count_ = count;
  if (!lines_.empty()) matchLines(count, last);
  if (!bytes_.empty()) matchBytes(count);
}

void ContentStream::digest() {
  if (count_ > 0) digests_.update(buffer_.get() + kept_, count_);
}

void ContentStream::matchBytes(size_t count) {
  for (ByteSearch& search : bytes_) {
    if (search.found) continue;
    const size_t overlap = std::min(kept_, search.pattern->size() - 1);
    search.found = search.pattern->isIn(buffer_.get() + kept_ - overlap, overlap + count);
  }
}

void ContentStream::showLines(size_t end) {
  const std::string_view text(reinterpret_cast<const char*>(buffer_.get()) + lineStart_, end - lineStart_);
  for (LineSearch& search : lines_) search.addLines(text);
}

void ContentStream::showPiece(size_t end, bool endsLine) {
  const std::string_view text(reinterpret_cast<const char*>(buffer_.get()) + lineStart_, end - lineStart_);
  for (LineSearch& search : lines_) search.addPiece(text, !inLongLine_, endsLine);
}

void ContentStream::matchLines(size_t count, bool last) {
  const uint8_t* fresh = buffer_.get() + kept_;
  const size_t end = kept_ + count;
  if (inLongLine_) {
    const void* newline = count == 0 ? nullptr : memchr(fresh, '\n', count);
    if (newline != nullptr) {
      const auto lineEnd = static_cast<size_t>(static_cast<const uint8_t*>(newline) - buffer_.get());
      showPiece(lineEnd, true);
      inLongLine_ = false;
      lineStart_ = lineEnd + 1;
    } else if (last) {
      showPiece(end, true);
      lineStart_ = end;
      return;
    }
  }
  if (!inLongLine_) {
    const uint8_t* newline = count == 0 ? nullptr : findLastByte(fresh, '\n', count);
    if (newline != nullptr) {
      const auto lineEnd = static_cast<size_t>(newline - buffer_.get());
      if (lineEnd >= lineStart_) showLines(lineEnd);
      lineStart_ = lineEnd + 1;
    }
    // A file may end without a line end; the empty rest after a last line end is no line.
    if (last && lineStart_ < end) {
      showLines(end);
      lineStart_ = end;
    }
  }
  if (!last && end - lineStart_ > kMaxLineBytes) {
    hadLongLine_ = true;
    showPiece(end, false);
    inLongLine_ = true;
    lineStart_ = end - kOverlapBytes;
  }
}

}  // namespace mig
