#include "journal/file_scan.h"

#include <algorithm>

namespace mig::journal {

namespace {

constexpr size_t kInOrderBytes = 256 * 1024;
// Most of an entry's own values are right in front of it.
constexpr size_t kAroundBytes = 4 * 1024;
constexpr size_t kBehindBytes = 3 * 1024;
constexpr uint64_t kMostEntryBytes = 1 << 20;
constexpr unsigned kObjectsPerPause = 4096;
constexpr unsigned kEntriesPerPause = 1024;
// Of what journald takes: microseconds up to the year 3111.
constexpr uint64_t kRealtimeEnd = uint64_t{1} << 55;

}  // namespace

FileScan::FileScan(ByteSource& source, const FileHeader& header, Reading& reading)
    : header_(header),
      reading_(reading),
      end_(std::min(source.sizeBytes(), header.endBytes)),
      judge_(header, end_, reading.memory, facts_),
      near_(source, kInOrderBytes),
      far_(source, kAroundBytes),
      linked_(source, header, header.entryArray, header.entries),
      sequence_(reading.sequences.of(header.sequenceId)) {
  if (sequence_ != nullptr) sequence_->beginFile();
  if (source.sizeBytes() < header.endBytes) facts_.damage = Damage::truncated;
}

FileFacts FileScan::readAll(const MayContinue& mayContinue) {
  unsigned objects = 0;
  for (uint64_t offset = header_.headerBytes; !isAtEnd(offset);) {
    objects += 1;
    if (objects % kObjectsPerPause == 0 && !mayContinue()) break;
    Object object;
    if (!judge_.read(near_, offset, object)) {
      offset = passDamage(offset);
      continue;
    }
    if (object.type == ObjectType::data) judge_.judge(near_, object);
    else if (object.type == ObjectType::entry && isLinked(offset)) takeEntry(object);
    else if (object.type == ObjectType::entry) facts_.unlinked += 1;
    offset += aligned(object.sizeBytes);
  }
  if (linked_.isBroken() && facts_.damage == Damage::none) facts_.damage = Damage::corrupted;
  return std::move(facts_);
}

FileFacts FileScan::readSome(const std::vector<uint64_t>& entries, const MayContinue& mayContinue) {
  facts_.isInOrder = false;
  judge_.addUnjudged(header_.headerBytes, end_);
  near_.resize(kAroundBytes, kBehindBytes);
  unsigned count = 0;
  for (const uint64_t offset : entries) {
    count += 1;
    if (count % kEntriesPerPause == 0 && !mayContinue()) break;
    Object object;
    if (judge_.read(near_, offset, object) && object.type == ObjectType::entry) takeEntry(object);
    else facts_.unreadable += 1;
  }
  return std::move(facts_);
}

// A writer may append to the file meanwhile: what the header does not know yet is left out.
bool FileScan::isAtEnd(uint64_t offset) {
  if (offset >= end_) return true;
  return offset > header_.tailObject && linked_.current() < offset;
}

// Where reading goes on behind an object that is not as it should be: at the next entry of the index.
uint64_t FileScan::passDamage(uint64_t offset) {
  facts_.unreadable += 1;
  if (facts_.damage == Damage::none) facts_.damage = Damage::corrupted;
  linked_.skipTo(offset + 1);
  const uint64_t next = linked_.current() == 0 ? end_ : std::min(linked_.current(), end_);
  judge_.addUnjudged(offset, next);
  return next;
}

// Every entry counts as linked behind a place where the index is broken.
bool FileScan::isLinked(uint64_t offset) {
  linked_.skipTo(offset);
  return linked_.current() == offset || linked_.isBroken();
}

void FileScan::takeEntry(const Object& object) {
  const bool isWhole = object.sizeBytes >= entry::kItems && object.sizeBytes <= kMostEntryBytes;
  const uint8_t* bytes = isWhole ? near_.get(object.offset, static_cast<size_t>(object.sizeBytes)) : nullptr;
  const uint64_t realtime = bytes == nullptr ? 0 : number64(bytes + entry::kRealtime);
  if (realtime == 0 || realtime >= kRealtimeEnd) {
    facts_.unreadable += 1;
    return;
  }
  if (isInOtherFile(bytes, realtime)) {
    facts_.duplicates += 1;
    return;
  }
  if (facts_.isInOrder) facts_.noteEntry(realtime, idAt(bytes + entry::kBootId));
  if (!reading_.counter.covers(realtime)) return;
  const std::vector<ClassId>& judgements = judge_.judgeItems(object, bytes, near_, far_);
  if (!judgements.empty() || reading_.counter.wantsAll()) reading_.counter.add(realtime, judgements);
}

bool FileScan::isInOtherFile(const uint8_t* bytes, uint64_t realtime) {
  const uint64_t number = number64(bytes + entry::kNumber);
  if (number == 0 || sequence_ == nullptr) return false;
  // Fibonacci hashing: the highest bits depend on all.
  const uint64_t mixed = (number64(bytes + entry::kXorHash) ^ realtime) * 0x9E3779B97F4A7C15u;
  const auto mark = static_cast<uint16_t>(mixed >> 48);
  return facts_.isInOrder ? !sequence_->add(number, realtime, mark) : !sequence_->addAlone(number, mark);
}

}  // namespace mig::journal
