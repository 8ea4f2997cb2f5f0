#include "memory/memory_search.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "memory/target.h"
#include "platform/aligned_buffer.h"

namespace mig {

namespace {

// Fits into a core's own cache between reading and matching.
constexpr size_t kChunkBytes = 512 << 10;
// The end of the previous chunk, for matches that cross the border. Whole pages keep the reads aligned.
constexpr size_t kCarryBytes = MemoryPattern::kMaxMatchBytes;

// Memory that is contiguous both in the target and in the buffer.
struct Segment {
  uint64_t start = 0;
  uint64_t end = 0;
  size_t bufferOffset = 0;
};

class Search {
 public:
  Search(Target& target, const MemoryPlan& plan, const std::vector<uint32_t>& wanted, CpuBudget& budget, const std::atomic<bool>& stop)
      : target_(target), plan_(plan), missing_(wanted), budget_(budget), stop_(stop),
        buffer_(kCarryBytes + kChunkBytes) {
    for (const MemoryScope& scope : plan.scopes) leftBytes_.push_back(scope.maxBytes);
  }

  MemoryFindings run() {
    findings_.error = walk();
    return std::move(findings_);
  }

 private:
  int walk() {
    if (const int error = target_.readMappings(mappings_, &findings_.isCut); error != 0) return error;
    // A process that has begun to exit has no memory.
    if (mappings_.empty()) return target_.isKernelThread() ? 0 : ESRCH;
    for (const Mapping& mapping : mappings_) {
      if (mapping.isSpecial) continue;
      if (mapping.isRemote) {
        findings_.remoteBytes += mapping.end - mapping.start;
        continue;
      }
      if (const int error = walkMapping(mapping); error != 0) return error;
      if (isDone()) return 0;
    }
    if (const int error = flush(0); error != 0) return error;
    return hasEnded() ? ESRCH : 0;
  }

  // An ended process looks like one without resident memory, but it has no mappings.
  bool hasEnded() {
    std::vector<Mapping> now;
    return target_.readMappings(now) != 0 || now.empty();
  }

  int walkMapping(const Mapping& mapping) {
    const uint64_t page = pageBytes();
    std::vector<ResidentRange> ranges;
    for (uint64_t at = std::max(mapping.start, lowestAddress() / page * page); at < mapping.end && !isDone();) {
      if (stop_.load(std::memory_order_relaxed)) return ECANCELED;
      const int error = target_.listResident(at, mapping.end, ranges, findings_.swappedBytes, at);
      if (error != 0) return error;
      for (const ResidentRange& range : ranges) {
        if (const int addError = add(range, !mapping.isReadable); addError != 0) return addError;
      }
      budget_.pause(stop_);
    }
    return 0;
  }

  int add(ResidentRange range, bool isProtected) {
    while (range.start < range.end && !isDone()) {
      const size_t room = kChunkBytes - usedBytes_;
      MemoryPiece* last = pieces_.empty() ? nullptr : &pieces_.back();
      const bool continues = last != nullptr && last->address + last->sizeBytes == range.start && last->isProtected == isProtected;
      if (room == 0 || (!continues && pieces_.size() == Target::kMaxPieces)) {
        if (const int error = flush(range.start); error != 0) return error;
        continue;
      }
      const size_t sizeBytes = std::min<uint64_t>(room, range.end - range.start);
      if (continues) last->sizeBytes += sizeBytes;
      else pieces_.push_back({range.start, sizeBytes, kCarryBytes + usedBytes_, isProtected});
      usedBytes_ += sizeBytes;
      range.start += sizeBytes;
    }
    return 0;
  }

  // Reads and searches the added pieces. `next` is the address of the next piece: if it continues the last piece, the
  // end of that piece is kept for matches that cross the border.
  int flush(uint64_t next) {
    // What was read before an error counts.
    const int error = target_.read(pieces_, buffer_.get(), got_);
    if (error != 0 && std::all_of(got_.begin(), got_.end(), [](size_t got) { return got == 0; })) return error;
    const std::vector<Segment> segments = toSegments();
    countUnread();
    const size_t hitsBefore = findings_.hits.size();
    for (const Segment& segment : segments) {
      const bool continues = &segment == &segments.back() && segment.end == next;
      searchSegment(segment, segment.start == carryEnd_ ? carryBytes_ : 0, continues);
    }
    // Memory is read by pid: the hits belong to this process only if it is still running.
    if (findings_.hits.size() > hitsBefore && !target_.isStillThere()) {
      findings_.hits.resize(hitsBefore);
      return ESRCH;
    }
    if (error != 0) return error;
    carry(segments, next);
    pieces_.clear();
    usedBytes_ = 0;
    budget_.pause(stop_);
    return stop_.load(std::memory_order_relaxed) ? ECANCELED : 0;
  }

  std::vector<Segment> toSegments() {
    std::vector<Segment> segments;
    for (size_t index = 0; index < pieces_.size(); index += 1) {
      const MemoryPiece& piece = pieces_[index];
      findings_.readBytes += got_[index];
      if (got_[index] == 0) continue;
      const uint64_t end = piece.address + got_[index];
      if (!segments.empty() && segments.back().end == piece.address) segments.back().end = end;
      else segments.push_back({piece.address, end, piece.bufferOffset});
    }
    return segments;
  }

  // What the process has freed meanwhile is no gap; what is still resident is one.
  void countUnread() {
    for (size_t index = 0; index < pieces_.size(); index += 1) {
      const uint64_t end = pieces_[index].address + pieces_[index].sizeBytes;
      uint64_t swapped = 0;
      std::vector<ResidentRange> ranges;
      for (uint64_t at = pieces_[index].address + got_[index]; at < end;) {
        if (target_.listResident(at, end, ranges, swapped, at) != 0) break;
        for (const ResidentRange& range : ranges) findings_.unreadBytes += range.end - range.start;
      }
    }
  }

  void carry(const std::vector<Segment>& segments, uint64_t next) {
    const bool continues = !segments.empty() && segments.back().end == next;
    if (!continues) {
      carryBytes_ = 0;
      carryEnd_ = 0;
      return;
    }
    const Segment& last = segments.back();
    const size_t before = last.start == carryEnd_ ? carryBytes_ : 0;
    const size_t sizeBytes = last.end - last.start;
    const size_t kept = std::min(kCarryBytes, before + sizeBytes);
    memmove(buffer_.get() + kCarryBytes - kept, buffer_.get() + last.bufferOffset + sizeBytes - kept, kept);
    carryBytes_ = kept;
    carryEnd_ = last.end;
  }

  void searchSegment(const Segment& segment, size_t carried, bool continues) {
    for (uint32_t scope = 0; scope < plan_.scopes.size(); scope += 1) {
      const uint64_t from = std::max(segment.start, plan_.scopes[scope].fromAddress);
      if (from >= segment.end) continue;
      const uint64_t to = from + std::min(segment.end - from, leftBytes_[scope]);
      leftBytes_[scope] -= to - from;
      if (to > from) searchPart(segment, carried, scope, {from, to}, continues && to == segment.end);
    }
  }

  // `part` is new; the bytes before it, of the segment or carried over, may begin a match.
  void searchPart(const Segment& segment, size_t carried, uint32_t scope, const ResidentRange& part, bool continues) {
    const uint64_t start = std::max(segment.start - carried, plan_.scopes[scope].fromAddress);
    const uint8_t* data = buffer_.get() + segment.bufferOffset - (segment.start - start);
    const std::string_view text(reinterpret_cast<const char*>(data), part.end - start);
    const size_t old = part.start - start;
    // The bytes before a full carry are gone: its first byte is only context.
    const size_t first = carried == kCarryBytes && start == segment.start - carried ? 1 : 0;
    const size_t end = text.size() - (continues ? 1 : 0);
    const auto isFound = [&](uint32_t index) {
      const MemoryNeedle& needle = plan_.needles[index];
      if (needle.scope != scope || stop_.load(std::memory_order_relaxed)) return false;
      const size_t at = needle.bytes ? findBytes(*needle.bytes, text, old) : findRegex(*needle.regex, text, old, first, end);
      if (at == std::string_view::npos) return false;
      const Mapping* mapping = findMapping(mappings_, start + at);
      findings_.hits.push_back({index, mapping == nullptr ? MappingKind::anonymous : mapping->kind});
      return true;
    };
    missing_.erase(std::remove_if(missing_.begin(), missing_.end(), isFound), missing_.end());
  }

  static size_t findBytes(const BytePattern& pattern, std::string_view text, size_t old) {
    const auto* data = reinterpret_cast<const uint8_t*>(text.data());
    const size_t from = old - std::min(old, pattern.size() - 1);
    const uint8_t* found = pattern.find(data + from, text.size() - from);
    return found == nullptr ? std::string_view::npos : static_cast<size_t>(found - data);
  }

  size_t findRegex(const MemoryPattern& pattern, std::string_view text, size_t old, size_t first, size_t end) const {
    return pattern.find(text, std::max(first, old - std::min(old, pattern.maxMatchBytes())), end, stop_);
  }

  uint64_t lowestAddress() const {
    uint64_t lowest = UINT64_MAX;
    for (const uint32_t index : missing_) lowest = std::min(lowest, plan_.scopes[plan_.needles[index].scope].fromAddress);
    return lowest;
  }

  // No needle is left that could still be found.
  bool isDone() const {
    return std::none_of(missing_.begin(), missing_.end(), [&](uint32_t index) { return leftBytes_[plan_.needles[index].scope] > 0; });
  }

  Target& target_;
  const MemoryPlan& plan_;
  std::vector<uint32_t> missing_;
  CpuBudget& budget_;
  const std::atomic<bool>& stop_;
  const AlignedBuffer buffer_;
  std::vector<uint64_t> leftBytes_;
  std::vector<Mapping> mappings_;
  std::vector<MemoryPiece> pieces_;
  std::vector<size_t> got_;
  size_t usedBytes_ = 0;
  size_t carryBytes_ = 0;
  uint64_t carryEnd_ = 0;
  MemoryFindings findings_;
};

}  // namespace

MemoryFindings searchMemory(int pid, uint64_t startTicks, const MemoryPlan& plan, const std::vector<uint32_t>& wanted,
                            CpuBudget& budget, const std::atomic<bool>& stop) {
  MemoryFindings findings;
  Target target;
  findings.error = target.open(pid, startTicks);
  if (findings.error != 0) return findings;
  return Search(target, plan, wanted, budget, stop).run();
}

}  // namespace mig
