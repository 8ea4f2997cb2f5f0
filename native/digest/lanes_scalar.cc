// One lane with plain integers: for the last remaining stream of several.
#include "digest/lanes_constants.h"
#include "digest/lanes_kernels.h"

#define MIG_LANES_TARGET
#define MIG_LANES_INLINE MIG_LANES_TARGET __attribute__((always_inline)) inline

namespace mig {

namespace {

using Word = uint32_t;
constexpr size_t kLanes = 1;

MIG_LANES_INLINE void keepOrder(Word& sum) { __asm__("" : "+r"(sum)); }

template <ByteOrder order>
inline void loadWords(const uint8_t* const* data, size_t offset, Word (&words)[16]) {
  const uint8_t* at = data[0] + offset;
  for (Word& word : words) {
    word = order == ByteOrder::big ? Word{at[0]} << 24 | Word{at[1]} << 16 | Word{at[2]} << 8 | at[3]
                                   : Word{at[3]} << 24 | Word{at[2]} << 16 | Word{at[1]} << 8 | at[0];
    at += sizeof(Word);
  }
}

}  // namespace

}  // namespace mig

#include "digest/lanes_rounds.h"

namespace mig {

const Kernels kScalarKernels = {{hashMd5, kLanes}, {hashSha1, kLanes}, {hashSha256, kLanes}};

}  // namespace mig
