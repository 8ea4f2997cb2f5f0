// The instruction sets that this processor has and the system enables. Asks the processor itself: the compilers'
// functions for it need a run-time library that differs between them.
#pragma once

namespace mig {

struct ProcessorFeatures {
  bool sha = false;     // SHA extensions and SSE 4.1; on arm64 the instructions for SHA-1 and SHA-256
  bool avx2 = false;
  bool avx512 = false;  // F and BW
};

// Asked once; all false on processors other than x86-64 and arm64. In builds with MIG_CHOOSABLE_ISA, which are for tests and
// benchmarks, the environment variable MIG_ISA limits them to an instruction set by its name.
const ProcessorFeatures& processorFeatures();

// Name of the instruction set: avx512-sha, avx512, avx2-sha, avx2, sse-sha or sse; on arm64 neon-sha or neon.
const char* instructionSetName();

}  // namespace mig
