#include "platform/windows.h"

#include "budget/cpu_budget.h"

namespace mig {

namespace {

// A FILETIME counts 100 nanoseconds.
uint64_t toNanoseconds(const FILETIME& time) { return (uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime) * 100; }

}  // namespace

uint64_t readProcessCpu() {
  FILETIME unused, system{}, user{};
  GetProcessTimes(GetCurrentProcess(), &unused, &unused, &system, &user);
  return toNanoseconds(system) + toNanoseconds(user);
}

}  // namespace mig
