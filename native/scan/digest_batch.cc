#include "scan/digest_batch.h"

#include <algorithm>
#include <new>

#include "scan/first_bytes.h"

namespace mig {

namespace {

// Smaller pieces cost more calls, larger ones more memory.
constexpr size_t kPieceBytes = 128 * 1024;
constexpr size_t kPieces = 16;
constexpr size_t kBufferBytes = kPieces * kPieceBytes;
// For files from disk, where seeking may cost more than reading.
constexpr size_t kColdPieceBytes = kBufferBytes / 2;
// Large files at once. More than there are pieces keeps the lanes full until the last one ends.
constexpr size_t kMaxOpen = 2 * kPieces;
// The number of small files that are collected before they are digested.
constexpr size_t kMaxMembers = 128;

}  // namespace

// More files than pieces: one large file at a time, so that other threads get theirs.
bool DigestBatch::hasRoom() const {
  if (roomBytes() < kPieceBytes || count_ >= kMaxMembers) return false;
  return openCount_ < kPieces || (openCount_ < kMaxOpen && !hasNewOpen_);
}

size_t DigestBatch::roomBytes() const { return kBufferBytes - usedBytes_; }

size_t DigestBatch::wantedBytes(const Member& member) const {
  return static_cast<size_t>(std::min<uint64_t>(member.isCold ? kColdPieceBytes : kPieceBytes, member.leftBytes()));
}

bool DigestBatch::reserve() {
  if (!pieces_) pieces_.reset(new (std::nothrow) uint8_t[kBufferBytes]);
  return pieces_ != nullptr;
}

void DigestBatch::add(fs::Descriptor opened, const fs::FileInfo& info, const FileLabel& label, std::string mode,
                      const std::vector<FileState*>& searches) {
  if (!reserve()) return state_.stop(StopReason::memory);
  while (!hasRoom()) advance();
  if (count_ == members_.size()) members_.push_back(std::make_unique<Member>());
  Member& member = *members_[count_];
  count_ += 1;
  member.file = std::move(opened);
  member.info = info;
  member.directoryPath = label.directoryPath;
  member.name = label.name;
  member.link = label.link;
  member.isRoot = label.isRoot;
  member.mode = std::move(mode);
  member.searchCount = searches.size();
  if (member.searches.size() < searches.size()) member.searches.resize(searches.size());
  member.offset = 0;
  member.piece = nullptr;
  member.isCold = member.isComplete = member.isEnded = false;
  uint32_t wanted = 0;
  for (size_t index = 0; index < searches.size(); index += 1) {
    FileState& search = member.searches[index];
    std::swap(search, *searches[index]);
    if (!search.wantsContent()) continue;
    search.attach(member.stream);
    wanted |= search.wantedDigests();
  }
  member.stream.digests().startTogether(wanted);
  if (info.sizeBytes > fs::kAvoidCachingFromBytes) fs::avoidCaching(member.file);
  openCount_ += 1;
  read(member);
  judge(member);
  hasNewOpen_ = hasNewOpen_ || !member.isEnded;
}

// Drops a file that its searches may not see.
void DigestBatch::judge(Member& member) {
  if (member.piece == nullptr) return;
  std::vector<FileState*> searches;
  for (size_t index = 0; index < member.searchCount; index += 1) searches.push_back(&member.searches[index]);
  judgeFirstBytes(state_, member.piece, member.pieceBytes, searches, [&] {
    return member.isRoot ? displayPath(state_.plan, member.label(), member.searches[0].place()) : std::string();
  });
  if (anyWantsContent(searches)) return;
  if (!member.isEnded) {
    member.file.close();
    openCount_ -= 1;
  }
  usedBytes_ -= member.pieceBytes;
  member.piece = nullptr;
  member.isComplete = false;
  member.isEnded = true;
}

// Reads the next piece; ends the member at the end of its file or at a read error.
void DigestBatch::read(Member& member) {
  uint8_t* piece = pieces_.get() + usedBytes_;
  const size_t wanted = wantedBytes(member);
  size_t count = 0;
  const int error = fs::readPiece(member.file, member.offset, piece, wanted, count, &member.isCold);
  if (error != 0) {
    state_.counters.bytes.fetch_add(count, std::memory_order_relaxed);
    state_.noteReadError(displayPath(state_.plan, member.label(), member.searches[0].place()), member.offset + count, error);
    member.isEnded = true;
  } else {
    state_.counters.bytes.fetch_add(count, std::memory_order_relaxed);
    member.piece = piece;
    member.pieceBytes = count;
    member.offset += count;
    usedBytes_ += count;
    member.isComplete = member.isEnded = count < wanted || member.leftBytes() == 0;
    if (count < wanted) state_.count(Skip::changedWhileRead);
  }
  if (!member.isEnded) return;
  fs::FileInfo after;
  const bool wasLong = member.isComplete && member.offset > kPieceBytes;
  if (wasLong && fs::readInfo(member.file, after) == 0 && !after.isSameVersion(member.info)) state_.count(Skip::changedWhileRead);
  member.file.close();
  openCount_ -= 1;
}

// The next pieces of the files with most bytes left, so that all end at about the same time.
void DigestBatch::readOpen() {
  std::vector<Member*> waiting;
  for (size_t index = 0; index < count_; index += 1) {
    Member& member = *members_[index];
    if (!member.isEnded && member.piece == nullptr) waiting.push_back(&member);
  }
  std::sort(waiting.begin(), waiting.end(), [](const Member* a, const Member* b) { return a->leftBytes() > b->leftBytes(); });
  for (Member* member : waiting) {
    if (roomBytes() >= wantedBytes(*member)) read(*member);
  }
}

void DigestBatch::digestPieces() {
  std::vector<DigestInput> inputs;
  for (size_t index = 0; index < count_; index += 1) {
    Member& member = *members_[index];
    if (member.piece == nullptr) continue;
    inputs.push_back({&member.stream.digests(), member.piece, member.pieceBytes, member.isComplete});
    member.piece = nullptr;
  }
  updateTogether(inputs);
}

void DigestBatch::end(Member& member) {
  if (member.file.isOpen()) openCount_ -= 1;
  member.file.close();
  member.stream.digests().finish();
  bool lacksFact = false;
  for (size_t index = 0; index < member.searchCount; index += 1) {
    FileState& search = member.searches[index];
    if (search.stream() != nullptr) search.takeFinal(member.isComplete);
    lacksFact = lacksFact || search.lacksFact();
    reportHits(state_, member.label(), member.info, member.mode, search);
  }
  if (lacksFact) state_.count(Skip::undecided);
}

void DigestBatch::advance() {
  const bool stops = state_.shouldStop();
  if (!stops) {
    readOpen();
    digestPieces();
  }
  usedBytes_ = 0;
  hasNewOpen_ = false;
  for (size_t index = 0; index < count_;) {
    Member& member = *members_[index];
    if (!member.isEnded && !stops) {
      index += 1;
      continue;
    }
    member.isComplete = member.isComplete && !stops;
    end(member);
    count_ -= 1;
    std::swap(members_[index], members_[count_]);
  }
  state_.pause();
}

}  // namespace mig
