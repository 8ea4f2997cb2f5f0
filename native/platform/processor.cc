#include "platform/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstdint>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif
#if defined(MIG_CHOOSABLE_ISA)
#include <cstdlib>
#include <string_view>
#endif

namespace mig {

namespace {

#if defined(__x86_64__)

struct Registers {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
};

Registers askProcessor(unsigned leaf) {
  Registers registers;
  if (__get_cpuid_count(leaf, 0, &registers.eax, &registers.ebx, &registers.ecx, &registers.edx) == 0) return {};
  return registers;
}

bool hasBit(unsigned bits, unsigned position) { return (bits >> position & 1) != 0; }

// XCR0: the registers that the system saves on a thread switch.
uint64_t readSavedRegisters() {
  uint32_t low = 0;
  uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

// Bits from Intel's Software Developer's Manual, volume 2, CPUID, and volume 1, 13.3.
ProcessorFeatures readFeatures() {
  constexpr uint64_t kAvxRegisters = 0x06;
  constexpr uint64_t kAvx512Registers = 0xe6;
  const Registers base = askProcessor(1);
  const Registers extended = askProcessor(7);
  const uint64_t saved = hasBit(base.ecx, 27) ? readSavedRegisters() : 0;
  const bool savesAvx = (saved & kAvxRegisters) == kAvxRegisters;
  const bool savesAvx512 = (saved & kAvx512Registers) == kAvx512Registers;
  ProcessorFeatures features;
  features.sha = hasBit(base.ecx, 19) && hasBit(extended.ebx, 29);
  features.avx2 = savesAvx && hasBit(base.ecx, 28) && hasBit(extended.ebx, 5);
  features.avx512 = savesAvx512 && hasBit(extended.ebx, 16) && hasBit(extended.ebx, 30);
  return features;
}

#elif defined(__aarch64__) && defined(__linux__)

ProcessorFeatures readFeatures() {
  // asm/hwcap.h of the kernel: SHA1 and SHA2.
  constexpr unsigned long kShaBits = 1ul << 5 | 1ul << 6;
  ProcessorFeatures features;
  features.sha = (getauxval(AT_HWCAP) & kShaBits) == kShaBits;
  return features;
}

#elif defined(__aarch64__) && defined(__APPLE__)

// Every Mac with arm64 has them.
ProcessorFeatures readFeatures() { return {true, false, false}; }

#else

ProcessorFeatures readFeatures() { return {}; }

#endif

struct InstructionSet {
  const char* name;
  ProcessorFeatures features;
};

#if defined(__x86_64__)
// The best one first.
constexpr InstructionSet kInstructionSets[] = {
    {"avx512-sha", {true, true, true}}, {"avx512", {false, true, true}},   {"avx2-sha", {true, true, false}},
    {"avx2", {false, true, false}},     {"sse-sha", {true, false, false}}, {"sse", {false, false, false}},
};
#elif defined(__aarch64__)
constexpr InstructionSet kInstructionSets[] = {{"neon-sha", {true, false, false}}, {"neon", {}}};
#else
constexpr InstructionSet kInstructionSets[] = {{"other", {}}};
#endif

ProcessorFeatures common(const ProcessorFeatures& a, const ProcessorFeatures& b) {
  return {a.sha && b.sha, a.avx2 && b.avx2, a.avx512 && b.avx512};
}

bool isEqual(const ProcessorFeatures& a, const ProcessorFeatures& b) {
  return a.sha == b.sha && a.avx2 == b.avx2 && a.avx512 == b.avx512;
}

#if defined(MIG_CHOOSABLE_ISA)

ProcessorFeatures chooseFeatures() {
  const ProcessorFeatures has = readFeatures();
  const char* chosen = getenv("MIG_ISA");
  for (const InstructionSet& set : kInstructionSets) {
    if (chosen != nullptr && std::string_view(chosen) == set.name) return common(has, set.features);
  }
  return has;
}

#else

ProcessorFeatures chooseFeatures() { return readFeatures(); }

#endif

}  // namespace

const ProcessorFeatures& processorFeatures() {
  static const ProcessorFeatures features = chooseFeatures();
  return features;
}

const char* instructionSetName() {
  for (const InstructionSet& set : kInstructionSets) {
    if (isEqual(common(processorFeatures(), set.features), set.features)) return set.name;
  }
  return "other";
}

}  // namespace mig
