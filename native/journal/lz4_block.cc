#include "journal/lz4_block.h"

#include <cstring>

namespace mig::journal {

namespace {

constexpr size_t kLeastMatch = 4;
// A length with this value in the token goes on in the next bytes.
constexpr size_t kLongLength = 15;

// Adds the bytes of a long length; false when the block ends in it.
bool readLength(const uint8_t*& in, const uint8_t* inEnd, size_t& length) {
  if (length != kLongLength) return true;
  uint8_t byte = 0xff;
  while (byte == 0xff) {
    if (in == inEnd) return false;
    byte = *in++;
    length += byte;
  }
  return true;
}

}  // namespace

bool unpackLz4Block(const uint8_t* in, size_t inBytes, uint8_t* out, size_t outBytes) {
  const uint8_t* const inEnd = in + inBytes;
  const uint8_t* const outStart = out;
  const uint8_t* const outEnd = out + outBytes;
  while (in < inEnd) {
    const uint8_t token = *in++;
    size_t literals = token >> 4;
    if (!readLength(in, inEnd, literals)) return false;
    if (literals > static_cast<size_t>(inEnd - in) || literals > static_cast<size_t>(outEnd - out)) return false;
    if (literals > 0) memcpy(out, in, literals);
    in += literals;
    out += literals;
    // The last sequence has no match.
    if (in == inEnd) return out == outEnd;
    if (inEnd - in < 2) return false;
    const size_t distance = static_cast<size_t>(in[0] | in[1] << 8);
    in += 2;
    size_t match = token & 15;
    if (!readLength(in, inEnd, match)) return false;
    match += kLeastMatch;
    if (distance == 0 || distance > static_cast<size_t>(out - outStart) || match > static_cast<size_t>(outEnd - out)) return false;
    // Both may overlap: then the bytes repeat.
    for (const uint8_t* from = out - distance; match > 0; match -= 1) *out++ = *from++;
  }
  return false;
}

}  // namespace mig::journal
