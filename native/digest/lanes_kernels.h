// The functions of one instruction set for MD5, SHA-1 and SHA-256. Each takes whole blocks of several lanes at once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mig {

constexpr size_t kMaxLanes = 16;

// Hashes `blocks` blocks of 64 bytes in every lane. `data` has one pointer a lane; `state` holds word 0 of all lanes,
// then word 1 of all lanes, and so on.
using HashBlocks = void (*)(uint32_t* state, const uint8_t* const* data, size_t blocks);

struct Kernel {
  HashBlocks hash = nullptr;
  size_t lanes = 0;
};

// For one instruction set; a null function means no gain there.
struct Kernels {
  Kernel md5;
  Kernel sha1;
  Kernel sha256;
};

// One lane, on every processor.
extern const Kernels kScalarKernels;
#if defined(__x86_64__)
// One lane, with the SHA extensions; not for MD5.
extern const Kernels kShaKernels;
// Four lanes, with the SHA extensions; not for MD5.
extern const Kernels kShaFourKernels;
// 16 lanes.
extern const Kernels kAvx2Kernels;
// 16 lanes; needs AVX-512 F and BW.
extern const Kernels kAvx512Kernels;
#endif
#if defined(__aarch64__)
// 8 lanes.
extern const Kernels kNeonKernels;
// One lane and four, with the SHA instructions; not for MD5.
extern const Kernels kArmShaKernels;
extern const Kernels kArmShaFourKernels;
#endif

}  // namespace mig
