#include "journal/linked_entries.h"

namespace mig::journal {

// False when there is no valid array where the chain says so.
bool LinkedEntries::openArray() {
  const uint64_t array = nextArray_;
  const uint8_t* object = array % 8 == 0 && array != 0 ? window_.get(array, entryArray::kItems) : nullptr;
  if (object == nullptr || object[0] != static_cast<uint8_t>(ObjectType::entryArray)) return false;
  const uint64_t sizeBytes = number64(object + 8);
  if (sizeBytes < entryArray::kItems + itemBytes_) return false;
  nextArray_ = number64(object + entryArray::kNext);
  at_ = array + entryArray::kItems;
  itemsLeft_ = (sizeBytes - entryArray::kItems) / itemBytes_;
  return true;
}

void LinkedEntries::next() {
  const uint64_t before = current_;
  current_ = 0;
  if (left_ == 0 || isBroken_) return;
  const uint8_t* item = itemsLeft_ > 0 || openArray() ? window_.get(at_, itemBytes_) : nullptr;
  const uint64_t offset = item == nullptr ? 0 : (itemBytes_ == 4 ? number32(item) : number64(item));
  if (offset <= before || offset % 8 != 0) {
    isBroken_ = true;
    return;
  }
  current_ = offset;
  at_ += itemBytes_;
  itemsLeft_ -= 1;
  left_ -= 1;
}

}  // namespace mig::journal
