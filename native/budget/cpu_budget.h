// Keeps the process below a share of one core. The limit holds whatever the scheduler does with priorities.
#pragma once

#include <atomic>
#include <cstdint>

#include "thread/thread.h"

namespace mig {

class CpuBudget {
 public:
  // Percent of one core for the whole process and its unpackers; 0 for no limit.
  explicit CpuBudget(unsigned percent);
  // Sleeps until the CPU time used is within the budget, or until `stop` is set. Cheap enough to call for every file.
  void pause(const std::atomic<bool>& stop);

 private:
  int64_t takeDebt();

  const double share_;
  Mutex mutex_;
  double credit_;  // nanoseconds of CPU
  std::atomic<uint64_t> lastWall_;
  uint64_t lastCpu_;
};

// CPU time of the whole process in nanoseconds.
uint64_t readProcessCpu();

}  // namespace mig
