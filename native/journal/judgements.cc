#include "journal/judgements.h"

#include <utility>

namespace mig::journal {

namespace {

constexpr unsigned kFirstSlotBits = 10;

}  // namespace

void Judgements::clear() {
  slotBits_ = kFirstSlotBits;
  slots_.assign(size_t{1} << slotBits_, Slot{});
  slots_.shrink_to_fit();
  count_ = 0;
  marks_.fill(0);
}

// The slot of the offset, or a free one.
size_t Judgements::placeOf(uint64_t offset) const {
  const auto unit = static_cast<uint32_t>(offset >> 3);
  const size_t mask = slots_.size() - 1;
  size_t place = static_cast<size_t>(mix(offset) >> (64 - slotBits_));
  while (slots_[place].unit != 0 && slots_[place].unit != unit) place = (place + 1) & mask;
  return place;
}

void Judgements::set(uint64_t offset, ClassId judgement) {
  if ((count_ + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = slots_[placeOf(offset)];
  if (slot.unit == 0) count_ += 1;
  slot = {static_cast<uint32_t>(offset >> 3), judgement};
  const uint64_t mark = mix(offset) >> (64 - kMarkBits);
  marks_[mark >> 6] |= uint64_t{1} << (mark & 63);
}

ClassId Judgements::find(uint64_t offset, bool& found) const {
  const Slot& slot = slots_[placeOf(offset)];
  found = slot.unit != 0;
  return slot.judgement;
}

void Judgements::grow() {
  std::vector<Slot> old = std::move(slots_);
  slotBits_ += 1;
  slots_.assign(size_t{1} << slotBits_, Slot{});
  for (const Slot& slot : old) {
    if (slot.unit != 0) slots_[placeOf(uint64_t{slot.unit} << 3)] = slot;
  }
}

}  // namespace mig::journal
