// Which kernels this processor runs best.
#include "digest/lanes.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace mig {

namespace {

using LaneSets = std::array<LaneSet, kLaneAlgorithms>;

#if defined(__x86_64__)

bool hasShaExtensions() {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_SHA) != 0 && __builtin_cpu_supports("sse4.1");
}

// The fewest streams are where the measured speeds of one lane and of one stream alone cross.
LaneSets choose() {
  const bool hasSha = hasShaExtensions();
  const Kernel sha1 = hasSha ? kShaKernels.sha1 : kScalarKernels.sha1;
  const Kernel sha256 = hasSha ? kShaKernels.sha256 : kScalarKernels.sha256;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
    return {{{kAvx512Kernels.md5, kScalarKernels.md5, 3},
             {kAvx512Kernels.sha1, sha1, hasSha ? 5u : 3u},
             {kAvx512Kernels.sha256, sha256, hasSha ? 7u : 3u}}};
  }
  if (__builtin_cpu_supports("avx2")) {
    // Eight lanes of SHA-256 are no faster than the SHA extensions.
    return {{{kAvx2Kernels.md5, kScalarKernels.md5, 4},
             {kAvx2Kernels.sha1, sha1, hasSha ? 6u : 4u},
             {hasSha ? Kernel{} : kAvx2Kernels.sha256, sha256, 4}}};
  }
  return {};
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
