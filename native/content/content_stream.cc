#include "content/content_stream.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "content/decoded_text.h"
#include "text/last_byte.h"

namespace mig {

ContentStream::ContentStream() = default;
ContentStream::~ContentStream() = default;

void ContentStream::reset() {
  kept_ = count_ = lineStart_ = byteOverlap_ = textCount_ = markBytes_ = 0;
  isBegun_ = inLongLine_ = false;
  wanted_.clear();
  lines_.clear();
  bytes_.clear();
}

size_t ContentStream::addLineSearch(const LinePattern* pattern, bool everyLine, TextEncoding encoding) {
  wanted_.push_back({pattern, everyLine, encoding});
  return wanted_.size() - 1;
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

bool ContentStream::match(size_t count, bool last) {
  count_ = count;
  if (!isBegun_) begin(count);
  if (!lines_.empty()) matchLines(count, last);
  if (!bytes_.empty()) matchBytes(count);
  return textCount_ == 0 || matchDecoded(count, last);
}

// The first bytes say how the text is written. Lines without a NUL are searched as they are, too: a false mark hides
// nothing.
void ContentStream::begin(size_t count) {
  isBegun_ = true;
  if (wanted_.empty()) return;
  const std::string_view head(reinterpret_cast<const char*>(buffer_.get()) + kept_, count);
  const TextStart said = textStartOf(head, TextEncoding::automatic);
  lineStart_ = said.markBytes;
  for (WantedLines& wanted : wanted_) {
    const TextStart start = wanted.encoding == TextEncoding::automatic ? said : textStartOf(head, wanted.encoding);
    const bool isDecoded = start.encoding != TextEncoding::utf8;
    if (isDecoded) {
      markBytes_ = start.markBytes;
      wanted.text = &textIn(start.encoding);
      wanted.inText = wanted.text->lines().addLineSearch(wanted.pattern, wanted.everyLine, TextEncoding::utf8);
    }
    if (isDecoded && (wanted.everyLine || wanted.encoding != TextEncoding::automatic)) continue;
    wanted.own = static_cast<int>(lines_.size());
    lines_.emplace_back(wanted.pattern, wanted.everyLine, isDecoded ? LineSearch::Lines::withoutNul : LineSearch::Lines::all);
  }
}

DecodedText& ContentStream::textIn(TextEncoding encoding) {
  for (size_t index = 0; index < textCount_; index += 1) {
    if (texts_[index]->encoding() == encoding) return *texts_[index];
  }
  if (textCount_ == texts_.size()) texts_.push_back(std::make_unique<DecodedText>());
  DecodedText& text = *texts_[textCount_];
  textCount_ += 1;
  text.start(encoding);
  return text;
}

bool ContentStream::matchDecoded(size_t count, bool last) {
  const std::string_view fresh(reinterpret_cast<const char*>(buffer_.get()) + kept_, count);
  const std::string_view text = fresh.substr(std::min(markBytes_, count));
  markBytes_ = 0;
  for (size_t index = 0; index < textCount_; index += 1) {
    if (!texts_[index]->match(text, last)) return false;
  }
  return true;
}

void ContentStream::endEarly() {
  const size_t end = kept_ + count_;
  if (isBegun_ && lineStart_ < end) {
    const std::string_view piece(reinterpret_cast<const char*>(buffer_.get()) + lineStart_, end - lineStart_);
    for (LineSearch& search : lines_) search.addBeginning(piece, !inLongLine_);
  }
  for (size_t index = 0; index < textCount_; index += 1) texts_[index]->lines().endEarly();
}

bool ContentStream::isDecided(size_t lineSearch) const {
  const WantedLines& wanted = wanted_[lineSearch];
  return (wanted.own >= 0 && lines_[static_cast<size_t>(wanted.own)].isFound()) ||
         (wanted.text != nullptr ? wanted.text->lines().isDecided(wanted.inText)
                                 : wanted.own >= 0 && lines_[static_cast<size_t>(wanted.own)].isDecided());
}

bool ContentStream::answer(size_t lineSearch) const {
  const WantedLines& wanted = wanted_[lineSearch];
  return (wanted.own >= 0 && lines_[static_cast<size_t>(wanted.own)].answer()) ||
         (wanted.text != nullptr && wanted.text->lines().answer(wanted.inText));
}

bool ContentStream::isUnknown(size_t lineSearch) const {
  const WantedLines& wanted = wanted_[lineSearch];
  return (wanted.own >= 0 && lines_[static_cast<size_t>(wanted.own)].isUnknown()) ||
         (wanted.text != nullptr && wanted.text->lines().isUnknown(wanted.inText));
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
    showPiece(end, false);
    inLongLine_ = true;
    lineStart_ = end - kOverlapBytes;
  }
}

}  // namespace mig
