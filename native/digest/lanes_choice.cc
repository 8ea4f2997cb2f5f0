// Chooses the fastest kernels for this processor.
#include "digest/lanes.h"
#include "platform/processor.h"

namespace mig {

namespace {

using LaneSets = std::array<LaneSet, kLaneAlgorithms>;

#if defined(__x86_64__)

// The fewest streams are the measured break-even between one lane and one stream alone.
LaneSets choose() {
  const ProcessorFeatures& has = processorFeatures();
  const Kernel sha1 = has.sha ? kShaKernels.sha1 : kScalarKernels.sha1;
  const Kernel sha256 = has.sha ? kShaKernels.sha256 : kScalarKernels.sha256;
  if (has.avx512) {
    return {{{kAvx512Kernels.md5, kScalarKernels.md5, 3},
             {kAvx512Kernels.sha1, sha1, has.sha ? 5u : 3u},
             {kAvx512Kernels.sha256, sha256, has.sha ? 7u : 3u}}};
  }
  if (has.avx2) {
    // Four streams with the SHA extensions beat 16 lanes of AVX2 in SHA-256, not in SHA-1.
    return {{{kAvx2Kernels.md5, kScalarKernels.md5, 3},
             {kAvx2Kernels.sha1, sha1, has.sha ? 6u : 3u},
             {has.sha ? kShaFourKernels.sha256 : kAvx2Kernels.sha256, sha256, 3}}};
  }
  if (has.sha) return {{{}, {kShaFourKernels.sha1, sha1, 3}, {kShaFourKernels.sha256, sha256, 3}}};
  return {};
}

#elif defined(__aarch64__)

// The fewest streams are those of x86-64: no processor of this kind was there to measure.
LaneSets choose() {
  const bool hasSha = processorFeatures().sha;
  return {{{kNeonKernels.md5, kScalarKernels.md5, 3},
           {hasSha ? kArmShaFourKernels.sha1 : kNeonKernels.sha1, hasSha ? kArmShaKernels.sha1 : kScalarKernels.sha1, 3},
           {hasSha ? kArmShaFourKernels.sha256 : kNeonKernels.sha256, hasSha ? kArmShaKernels.sha256 : kScalarKernels.sha256, 3}}};
}

#else

LaneSets choose() { return {}; }

#endif

}  // namespace

const LaneSet* lanesFor(LaneAlgorithm algorithm) {
  static const LaneSets sets = choose();
  const LaneSet& set = sets[static_cast<size_t>(algorithm)];
  return set.many.hash == nullptr ? nullptr : &set;
}

}  // namespace mig
