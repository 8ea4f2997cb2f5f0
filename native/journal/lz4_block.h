// Unpacks one block of LZ4.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mig::journal {

// False when the block is damaged or does not unpack to exactly `outBytes`.
// See https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
bool unpackLz4Block(const uint8_t* in, size_t inBytes, uint8_t* out, size_t outBytes);

}  // namespace mig::journal
