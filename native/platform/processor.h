// Which instructions this processor has and the system lets a process use: asked of the processor itself, since what
// compilers offer for it comes from a run-time library that differs between them.
#pragma once

namespace mig {

struct ProcessorFeatures {
  bool sha = false;     // SHA extensions, and SSE 4.1
  bool avx2 = false;
  bool avx512 = false;  // F and BW
};

// Asked once; nothing is there on other processors than x86-64.
const ProcessorFeatures& processorFeatures();

}  // namespace mig
