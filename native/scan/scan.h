// Runs one scan from plan to summary: a walk, and threads that examine its files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scan/plan.h"
#include "scan/scan_state.h"

namespace mig {

struct ScanSummary {
  uint64_t files = 0;
  uint64_t directories = 0;
  uint64_t bytes = 0;
  uint64_t openFailed = 0;
  std::vector<std::pair<Skip, uint64_t>> skipped;
  std::vector<std::string> errors;         // escaped
  std::vector<uint32_t> limitedSearches;   // that reached their limit of hits
  uint64_t protectedQuestions = 0;         // answered ones about protected content
  std::vector<RefusedRoot> refusedRoots;   // escaped; protected files that were named as roots
  StopReason stopReason = StopReason::none;
};

// Runs on the calling thread and `plan.threads - 1` more; returns when all have ended. `state.stop` ends it within one
// piece of a file. Throws std::bad_alloc after all threads have ended.
ScanSummary runScan(ScanState& state);

}  // namespace mig
