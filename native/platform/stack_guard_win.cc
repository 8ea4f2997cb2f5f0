#include "platform/stack_guard_win.h"

#include "platform/windows.h"

#include <cstdint>

extern "C" {

// RtlGenRandom
BOOLEAN NTAPI SystemFunction036(void* buffer, ULONG bytes);

uintptr_t __stack_chk_guard = 0;

// Ends the process at once, without any handlers: FAST_FAIL_STACK_COOKIE_CHECK_FAILURE of winnt.h.
[[noreturn]] void __stack_chk_fail() {
  __asm__ volatile("int $0x29" : : "c"(2));
  __builtin_unreachable();
}

}

namespace mig {

__attribute__((no_stack_protector)) void chooseStackGuard() {
  uintptr_t guard = 0;
  if (!SystemFunction036(&guard, sizeof guard)) guard = __builtin_ia32_rdtsc() ^ reinterpret_cast<uintptr_t>(&guard);
  // A zero byte ends strings, so no copied text can contain the whole value.
  __stack_chk_guard = guard & ~uintptr_t{0xff};
}

}  // namespace mig
