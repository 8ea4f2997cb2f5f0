#include "packages/digest_queue.h"

#include <algorithm>
#include <utility>

#include "content/secret_kind.h"

namespace mig::packages {

size_t DigestQueue::wantedBytes(const Member& member) {
  return static_cast<size_t>(std::min<uint64_t>(kPieceBytes, member.leftBytes()));
}

// Its path was judged before.
ReadOutcome DigestQueue::judge(const Member& member) const {
  if (!state_.protection.judgesContents()) return ReadOutcome::whole;
  const Protection::Verdict verdict = state_.protection.judgeContent(secretKindOf(member.piece, member.pieceBytes));
  if (!verdict.isProtected) return ReadOutcome::whole;
  if (!verdict.mayRead) return ReadOutcome::isProtected;
  return state_.protection.takeQuestions(1) ? ReadOutcome::whole : ReadOutcome::questionLimit;
}

void DigestQueue::read(Member& member) {
  uint8_t* piece = pieces_.get() + usedBytes_;
  const size_t wanted = wantedBytes(member);
  const bool isFirst = member.offset == 0;
  size_t count = 0;
  const int error = fs::readPiece(member.opened, member.offset, piece, wanted, count);
  state_.counters.bytes.fetch_add(count, std::memory_order_relaxed);
  if (error != 0 || count < wanted) {
    member.outcome = error == 0 ? ReadOutcome::changed : ReadOutcome::failed;
    member.isEnded = true;
    return;
  }
  member.piece = piece;
  member.pieceBytes = count;
  member.offset += count;
  usedBytes_ += count;
  if (isFirst) member.outcome = judge(member);
  member.isEnded = member.outcome != ReadOutcome::whole || member.leftBytes() == 0;
  fs::FileInfo after;
  const bool wasLong = member.isEnded && member.offset > kPieceBytes;
  if (wasLong && fs::readInfo(member.opened, after) == 0 && !after.isSameVersion(member.info)) member.outcome = ReadOutcome::changed;
}

void DigestQueue::add(size_t file, fs::Descriptor opened, const fs::FileInfo& info) {
  while (count_ == kMostMembers || roomBytes() < std::min<uint64_t>(kPieceBytes, info.sizeBytes)) advance();
  std::unique_ptr<Member>& place = members_[count_];
  if (!place) place = std::make_unique<Member>();
  count_ += 1;
  Member& member = *place;
  member.file = file;
  member.opened = std::move(opened);
  member.info = info;
  member.offset = 0;
  member.piece = nullptr;
  member.isEnded = false;
  member.outcome = ReadOutcome::whole;
  member.digests.startTogether(DigestSet::bit(algorithm_));
  if (info.sizeBytes > fs::kAvoidCachingFromBytes) fs::avoidCaching(member.opened);
  read(member);
  if (member.isEnded) member.opened.close();
}

void DigestQueue::digestPieces() {
  std::vector<DigestInput> inputs;
  for (size_t index = 0; index < count_; index += 1) {
    Member& member = *members_[index];
    if (member.piece == nullptr) continue;
    if (member.outcome == ReadOutcome::whole) inputs.push_back({&member.digests, member.piece, member.pieceBytes, member.isEnded});
    member.piece = nullptr;
  }
  updateTogether(inputs);
}

void DigestQueue::advance() {
  // The files with most bytes left come first, so that all end at about the same time.
  std::vector<Member*> waiting;
  for (size_t index = 0; index < count_; index += 1) {
    if (members_[index]->piece == nullptr && !members_[index]->isEnded) waiting.push_back(members_[index].get());
  }
  std::sort(waiting.begin(), waiting.end(), [](const Member* a, const Member* b) { return a->leftBytes() > b->leftBytes(); });
  for (Member* member : waiting) {
    if (roomBytes() >= wantedBytes(*member)) read(*member);
  }
  digestPieces();
  usedBytes_ = 0;
  for (size_t index = 0; index < count_;) {
    Member& member = *members_[index];
    if (!member.isEnded) {
      index += 1;
      continue;
    }
    member.opened.close();
    member.digests.finish();
    onEnd_(member.file, member.outcome, member.digests.value(algorithm_));
    count_ -= 1;
    std::swap(members_[index], members_[count_]);
  }
  state_.pause();
}

void DigestQueue::finish() {
  while (count_ > 0 && !state_.shouldStop()) advance();
  count_ = 0;
}

}  // namespace mig::packages
