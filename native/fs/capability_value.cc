#include "fs/attributes.h"

namespace mig::fs {

namespace {

constexpr uint32_t kRevisionMask = 0xff000000;

uint32_t littleEndianAt(const uint8_t* at) { return at[0] | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24; }

// The size of a value of this revision; 0 for an unknown one.
size_t bytesOfRevision(uint32_t revision) {
  switch (revision) {
    case 0x01000000: return 12;
    case 0x02000000: return 20;
    case 0x03000000: return 24;  // with the root user of a namespace
    default: return 0;
  }
}

}  // namespace

std::optional<uint64_t> parseCapabilities(const uint8_t* value, size_t bytes) {
  if (bytes < sizeof(uint32_t)) return std::nullopt;
  const uint32_t revision = littleEndianAt(value) & kRevisionMask;
  if (bytes != bytesOfRevision(revision)) return std::nullopt;
  // Pairs of permitted and inheritable, the lower 32 bits first.
  uint64_t set = littleEndianAt(value + 4) | littleEndianAt(value + 8);
  if (bytes > 12) set |= uint64_t{littleEndianAt(value + 12) | littleEndianAt(value + 16)} << 32;
  return set;
}

}  // namespace mig::fs
