#include "budget/cpu_budget.h"

#include <algorithm>

#include "unpack/unpackers.h"

namespace mig {

namespace {

constexpr double kBurstNanoseconds = 5e6;
// Reading the CPU clock is a system call; reading the wall clock is not.
constexpr uint64_t kCheckNanoseconds = 500000;
// Short enough to notice a cancellation in time.
constexpr int64_t kMaxSleepMs = 20;

}  // namespace

CpuBudget::CpuBudget(unsigned percent)
    : share_(percent / 100.0), credit_(kBurstNanoseconds), lastWall_(uv_hrtime()), lastCpu_(readProcessCpu() + readUnpackersCpu()) {}

// Milliseconds until the credit is positive again; 0 when it already is.
int64_t CpuBudget::takeDebt() {
  Lock lock(mutex_);
  const uint64_t wall = uv_hrtime();
  const uint64_t cpu = readProcessCpu() + readUnpackersCpu();
  credit_ += static_cast<double>(wall - lastWall_) * share_ - static_cast<double>(static_cast<int64_t>(cpu - lastCpu_));
  credit_ = std::min(credit_, kBurstNanoseconds);
  lastWall_ = wall;
  lastCpu_ = cpu;
  return credit_ >= 0 ? 0 : static_cast<int64_t>(-credit_ / share_ / 1e6) + 1;
}

void CpuBudget::pause(const std::atomic<bool>& stop) {
  if (share_ <= 0 || uv_hrtime() - lastWall_.load(std::memory_order_relaxed) < kCheckNanoseconds) return;
  for (int64_t debtMs = takeDebt(); debtMs > 0 && !stop.load(std::memory_order_relaxed); debtMs = takeDebt()) {
    uv_sleep(static_cast<unsigned>(std::min(debtMs, kMaxSleepMs)));
  }
}

}  // namespace mig
