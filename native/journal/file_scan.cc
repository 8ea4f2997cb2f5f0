#include "journal/file_scan.h"

#include <algorithm>

namespace mig::journal {

namespace {

constexpr size_t kWindowBytes = 256 * 1024;
constexpr size_t kLateWindowBytes = 16 * 1024;
constexpr size_t kMostEntryBytes = 1 << 20;
constexpr size_t kMostBoots = 256;
constexpr unsigned kObjectsPerPause = 4096;
// As journald takes them: microseconds up to the year 3000.
constexpr uint64_t kMostRealtime = uint64_t{1} << 55;

}  // namespace

FileScan::FileScan(ByteSource& source, const FileHeader& header, Reading& reading)
    : header_(header),
      reading_(reading),
      window_(source, kWindowBytes),
      late_(source, kLateWindowBytes),
      linked_(source, header, header.entryArray, header.entries),
      sequence_(reading.sequences.of(header.sequenceId)),
      end_(std::min(source.sizeBytes(), header.endBytes)) {
  reading_.judge.beginFile();
  reading_.judgements.clear();
  if (sequence_ != nullptr) sequence_->beginFile();
  if (source.sizeBytes() < header.endBytes) facts_.damage = Damage::truncated;
}

FileFacts FileScan::run(const std::function<bool()>& mayContinue) {
  unsigned objects = 0;
  for (uint64_t offset = header_.headerBytes; !isAtEnd(offset);) {
    objects += 1;
    if (objects % kObjectsPerPause == 0 && !mayContinue()) break;
    Object object;
    if (!readObject(offset, object)) {
      offset = passDamage(offset);
      continue;
    }
    if (object.type == ObjectType::data) {
      if (const ClassId judgement = judgeData(window_, object); judgement != 0) reading_.judgements.set(offset, judgement);
    } else if (object.type == ObjectType::entry) {
      takeEntry(object);
    }
    offset += aligned(object.sizeBytes);
  }
  if (linked_.isBroken() && facts_.damage == Damage::none) facts_.damage = Damage::corrupted;
  return std::move(facts_);
}

// A writer may append to the file meanwhile: what the header does not know yet is left out.
bool FileScan::isAtEnd(uint64_t offset) {
  if (offset >= end_) return true;
  return offset > header_.tailObject && linked_.current() < offset;
}

bool FileScan::readObject(uint64_t offset, Object& object) {
  const uint8_t* bytes = window_.get(offset, kObjectHeaderBytes);
  if (bytes == nullptr || bytes[0] == 0 || bytes[0] >= kObjectTypes) return false;
  object = {offset, static_cast<ObjectType>(bytes[0]), bytes[1], number64(bytes + 8)};
  return object.sizeBytes > kObjectHeaderBytes && object.sizeBytes <= end_ - offset;
}

// Where reading goes on behind an object that is not as it should be: at the next entry of the index.
uint64_t FileScan::passDamage(uint64_t offset) {
  facts_.unreadable += 1;
  if (facts_.damage == Damage::none) facts_.damage = Damage::corrupted;
  linked_.skipTo(offset + 1);
  const uint64_t next = linked_.current() == 0 ? end_ : std::min(linked_.current(), end_);
  passed_.emplace_back(offset, next);
  return next;
}

bool FileScan::wasPassed(uint64_t offset) const {
  const auto behind = std::upper_bound(passed_.begin(), passed_.end(), std::pair(offset, UINT64_MAX));
  return behind != passed_.begin() && offset < std::prev(behind)->second;
}

ClassId FileScan::judgeData(Window& window, const Object& object) {
  const size_t payloadAt = header_.payloadAt();
  const uint8_t compression = object.flags & kAnyCompression;
  if (object.sizeBytes <= payloadAt) {
    facts_.unreadable += 1;
    return 0;
  }
  if (object.sizeBytes > payloadAt + Judge::kNameBytes && compression == 0) {
    const uint8_t* beginning = window.get(object.offset, payloadAt + Judge::kNameBytes);
    if (beginning != nullptr && !reading_.judge.wants({reinterpret_cast<const char*>(beginning + payloadAt), Judge::kNameBytes})) return 0;
  }
  const uint64_t payloadBytes = object.sizeBytes - payloadAt;
  const uint8_t* bytes = payloadBytes <= kMostPayloadBytes ? window.get(object.offset, static_cast<size_t>(object.sizeBytes)) : nullptr;
  if (bytes == nullptr) {
    facts_.unreadable += 1;
    return 0;
  }
  std::string_view payload(reinterpret_cast<const char*>(bytes + payloadAt), static_cast<size_t>(payloadBytes));
  if (compression == 0) return reading_.judge.judge(payload);
  switch (reading_.payloads.unpack(compression, bytes + payloadAt, payload.size(), payload)) {
    case PayloadOutcome::whole: return reading_.judge.judge(payload);
    case PayloadOutcome::unreadable: facts_.unreadable += 1; break;
    case PayloadOutcome::unwanted: break;
  }
  return 0;
}

// For an object that reading in order did not come across.
ClassId FileScan::judgeLate(uint64_t offset) {
  bool isKnown = false;
  const ClassId known = reading_.judgements.find(offset, isKnown);
  if (isKnown) return known;
  const uint8_t* bytes = end_ - offset >= kObjectHeaderBytes ? late_.get(offset, kObjectHeaderBytes) : nullptr;
  const bool isData = bytes != nullptr && bytes[0] == static_cast<uint8_t>(ObjectType::data) && number64(bytes + 8) <= end_ - offset;
  ClassId judgement = 0;
  if (isData) judgement = judgeData(late_, {offset, ObjectType::data, bytes[1], number64(bytes + 8)});
  else facts_.unreadable += 1;
  reading_.judgements.set(offset, judgement);
  return judgement;
}

void FileScan::takeEntry(const Object& object) {
  if (!isLinked(object.offset)) {
    facts_.unlinked += 1;
    return;
  }
  const bool hasItems = object.sizeBytes >= entry::kItems && object.sizeBytes <= kMostEntryBytes;
  const uint8_t* bytes = hasItems ? window_.get(object.offset, static_cast<size_t>(object.sizeBytes)) : nullptr;
  const uint64_t realtime = bytes == nullptr ? 0 : number64(bytes + entry::kRealtime);
  if (realtime == 0 || realtime >= kMostRealtime) {
    facts_.unreadable += 1;
    return;
  }
  if (!noteEntry(bytes) || !reading_.counter.covers(realtime)) return;
  judgeItems(object, bytes + entry::kItems, static_cast<size_t>(object.sizeBytes - entry::kItems) / header_.itemBytes());
  if (!judgements_.empty() || reading_.counter.wantsAll()) reading_.counter.add(realtime, judgements_);
}

// Every entry counts as linked behind a place where the index is broken.
bool FileScan::isLinked(uint64_t offset) {
  linked_.skipTo(offset);
  return linked_.current() == offset || linked_.isBroken();
}

// False for an entry that another file had.
bool FileScan::noteEntry(const uint8_t* bytes) {
  const uint64_t number = number64(bytes + entry::kNumber);
  const uint64_t realtime = number64(bytes + entry::kRealtime);
  const uint64_t mixed = (number64(bytes + entry::kXorHash) ^ realtime) * 0x9E3779B97F4A7C15u;
  if (number != 0 && sequence_ != nullptr && !sequence_->add(number, realtime, static_cast<uint16_t>(mixed >> 48))) {
    facts_.duplicates += 1;
    return false;
  }
  if (realtime < lastRealtime_) facts_.backwardSteps += 1;
  lastRealtime_ = realtime;
  facts_.span.add(realtime);
  noteBoot(idAt(bytes + entry::kBootId), realtime);
  return true;
}

void FileScan::noteBoot(const Id& id, uint64_t realtime) {
  std::vector<Boot>& boots = facts_.boots;
  if (boots.empty() || boots[boot_].id != id) {
    const auto known = std::find_if(boots.begin(), boots.end(), [&](const Boot& boot) { return boot.id == id; });
    if (known == boots.end() && boots.size() >= kMostBoots) {
      facts_.isBootsCut = true;
      return;
    }
    boot_ = static_cast<size_t>(known - boots.begin());
    if (known == boots.end()) boots.push_back({id, {}});
  }
  boots[boot_].span.add(realtime);
}

void FileScan::judgeItems(const Object& object, const uint8_t* items, size_t count) {
  judgements_.clear();
  if (reading_.judgements.isEmpty() && passed_.empty()) return;
  const size_t step = header_.itemBytes();
  for (const uint8_t* item = items; count > 0; count -= 1, item += step) {
    const uint64_t offset = step == entry::kCompactItemBytes ? number32(item) : number64(item);
    if (offset >= object.offset || offset < header_.headerBytes || offset % 8 != 0) {
      facts_.unreadable += 1;
      continue;
    }
    ClassId judgement = reading_.judgements.find(offset);
    if (judgement == 0 && !passed_.empty() && wasPassed(offset)) judgement = judgeLate(offset);
    if (judgement != 0) judgements_.push_back(judgement);
  }
}

}  // namespace mig::journal
