// The instruction sets that this processor has and the system enables. Asks the processor itself: the compilers'
// functions for it need a run-time library that differs between them.
#pragma once

namespace mig {

struct ProcessorFeatures {
  bool sha = false;     // SHA extensions, and SSE 4.1
  bool avx2 = false;
  bool avx512 = false;  // F and BW
};

// Asked once; all false on other processors than x86-64.
const ProcessorFeatures& processorFeatures();

}  // namespace mig
