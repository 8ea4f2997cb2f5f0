#include "journal/object_judge.h"

#include <algorithm>

namespace mig::journal {

ObjectJudge::ObjectJudge(const FileHeader& header, uint64_t end, JudgeMemory& memory, FileFacts& facts)
    : header_(header), end_(end), memory_(memory), facts_(facts) {
  memory_.judge.beginFile();
  memory_.judgements.clear();
}

bool ObjectJudge::read(Window& window, uint64_t offset, Object& object) const {
  const bool isInside = offset >= header_.headerBytes && offset < end_ && offset % 8 == 0;
  const uint8_t* bytes = isInside ? window.get(offset, kObjectHeaderBytes) : nullptr;
  if (bytes == nullptr || bytes[0] == 0 || bytes[0] >= kObjectTypes) return false;
  object = {offset, static_cast<ObjectType>(bytes[0]), bytes[1], number64(bytes + 8)};
  return object.sizeBytes > kObjectHeaderBytes && object.sizeBytes <= end_ - offset;
}

void ObjectJudge::judge(Window& window, const Object& data) {
  if (const ClassId judgement = judgeData(window, data); judgement != 0) memory_.judgements.set(data.offset, judgement);
}

ClassId ObjectJudge::judgeData(Window& window, const Object& data) {
  const size_t payloadAt = header_.payloadAt();
  const uint8_t compression = data.flags & kAnyCompression;
  if (compression == 0 && data.sizeBytes > payloadAt + Judge::kNameBytes) {
    const uint8_t* beginning = window.get(data.offset, payloadAt + Judge::kNameBytes);
    if (beginning != nullptr && !memory_.judge.wants({reinterpret_cast<const char*>(beginning + payloadAt), Judge::kNameBytes})) return 0;
  }
  const bool isRead = data.sizeBytes > payloadAt && data.sizeBytes - payloadAt <= kMostPayloadBytes;
  const uint8_t* bytes = isRead ? window.get(data.offset, static_cast<size_t>(data.sizeBytes)) : nullptr;
  if (bytes == nullptr) {
    facts_.unreadable += 1;
    return 0;
  }
  std::string_view payload(reinterpret_cast<const char*>(bytes + payloadAt), static_cast<size_t>(data.sizeBytes) - payloadAt);
  if (compression == 0) return memory_.judge.judge(payload);
  switch (memory_.payloads.unpack(compression, bytes + payloadAt, payload.size(), payload)) {
    case PayloadOutcome::whole: return memory_.judge.judge(payload);
    case PayloadOutcome::unreadable: facts_.unreadable += 1; break;
    case PayloadOutcome::unwanted: break;
  }
  return 0;
}

bool ObjectJudge::isUnjudged(uint64_t offset) const {
  const auto behind = std::upper_bound(unjudged_.begin(), unjudged_.end(), std::pair(offset, UINT64_MAX));
  return behind != unjudged_.begin() && offset < std::prev(behind)->second;
}

ClassId ObjectJudge::judgeLate(uint64_t offset, Window& near, Window& far) {
  bool isKnown = false;
  const ClassId known = memory_.judgements.find(offset, isKnown);
  if (isKnown) return known;
  Object data;
  const bool isNear = near.holds(offset, kObjectHeaderBytes) && read(near, offset, data) && near.holds(offset, data.sizeBytes);
  const bool isData = (isNear || read(far, offset, data)) && data.type == ObjectType::data;
  if (!isData) facts_.unreadable += 1;
  const ClassId judgement = isData ? judgeData(isNear ? near : far, data) : 0;
  memory_.judgements.set(offset, judgement);
  return judgement;
}

const std::vector<ClassId>& ObjectJudge::judgeItems(const Object& entry, const uint8_t* bytes, Window& near, Window& far) {
  found_.clear();
  if (memory_.judgements.isEmpty() && unjudged_.empty()) return found_;
  const size_t step = header_.itemBytes();
  const uint8_t* const end = bytes + static_cast<size_t>(entry.sizeBytes);
  for (const uint8_t* item = bytes + entry::kItems; static_cast<size_t>(end - item) >= step; item += step) {
    const uint64_t offset = step == entry::kCompactItemBytes ? number32(item) : number64(item);
    // A value is written before the entries that have it.
    if (offset >= entry.offset || offset % 8 != 0) {
      facts_.unreadable += 1;
      continue;
    }
    ClassId judgement = memory_.judgements.find(offset);
    if (judgement == 0 && !unjudged_.empty() && isUnjudged(offset)) judgement = judgeLate(offset, near, far);
    if (judgement != 0) found_.push_back(judgement);
  }
  return found_;
}

}  // namespace mig::journal
