#include "scan/scan_state.h"

#include <cerrno>

#include "fs/fs.h"
#include "fs/path_text.h"

namespace mig {

namespace {

// "No limit" on errors still needs a bound on memory.
constexpr size_t kMaxErrors = 10000;

Skip skipOf(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return Skip::noPermission;
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
#if defined(ESTALE)
    case ESTALE:
#endif
    case ENXIO: return Skip::vanished;
    case ELOOP: return Skip::linkLoop;
    case ENOTSUP: return Skip::unsupported;
    default: return Skip::readError;
  }
}

}  // namespace

const char* skipName(Skip skip) {
  static const char* const names[kSkips] = {"no-permission", "vanished",     "changed-while-read", "other-file-system",
                                            "special-file",  "link-outside", "link-loop",          "too-deep",
                                            "size-limit",    "read-error",   "unsupported",        "protected",
                                            "question-limit", "undecided"};
  return names[static_cast<size_t>(skip)];
}

ScanState::ScanState(const Plan& scanPlan, HitSink& sink)
    : plan(scanPlan),
      protection(scanPlan.protectedPatterns, scanPlan.protectedContents, scanPlan.protectedQuestions),
      sink_(sink),
      budget_(scanPlan.cpuPercent),
      hits_(scanPlan.searches.size()),
      done_(scanPlan.searches.size()),
      atLimit_(scanPlan.searches.size()),
      openSearches_(scanPlan.searches.size()) {
  if (plan.seconds > 0) deadline_ = uv_hrtime() + static_cast<uint64_t>(plan.seconds * 1e9);
}

bool ScanState::shouldStop() {
  if (isStopping()) return true;
  if (deadline_ == 0 || uv_hrtime() < deadline_) return false;
  stop(StopReason::time);
  return true;
}

void ScanState::stop(StopReason reason) {
  StopReason none = StopReason::none;
  reason_.compare_exchange_strong(none, reason);
  stopping_.store(true);
}

bool ScanState::takeHit(uint32_t search) {
  const uint64_t limit = plan.searches[search].matchLimit;
  const uint64_t ticket = hits_[search].fetch_add(1) + 1;
  if (limit == 0) return true;
  if (ticket == limit) {
    atLimit_[search].store(true);
    limited_.store(true);
    endSearch(search, StopReason::matchLimit);
  }
  return ticket <= limit;
}

void ScanState::endSearch(uint32_t search, StopReason reason) {
  if (!done_[search].exchange(true) && openSearches_.fetch_sub(1) == 1) stop(reason);
}

std::vector<uint32_t> ScanState::limitedSearches() const {
  std::vector<uint32_t> searches;
  for (uint32_t index = 0; index < atLimit_.size(); index += 1) {
    if (atLimit_[index].load()) searches.push_back(index);
  }
  return searches;
}

void ScanState::noteError(const std::string& path, int error) {
  counters.openFailed.fetch_add(1, std::memory_order_relaxed);
  noteUnknown(path, error);
}

void ScanState::noteUnknown(const std::string& path, int error) { note(skipOf(error), path, fs::describeError(error)); }

void ScanState::noteReadError(const std::string& path, uint64_t offset, int error) {
  counters.openFailed.fetch_add(1, std::memory_order_relaxed);
  note(skipOf(error), path, fs::describeError(error) + " at byte " + std::to_string(offset) + (offset > 0 ? "; what is before it was searched" : ""));
}

void ScanState::note(Skip skip, const std::string& path, const std::string& text) {
  count(skip);
  Lock lock(mutex_);
  const size_t limit = plan.maxErrors == 0 ? kMaxErrors : std::min(plan.maxErrors, kMaxErrors);
  if (errors_.size() < limit) errors_.push_back(fs::pathText(path) + ": " + text);
}

void ScanState::refuseRoot(uint32_t search, const std::string& path, Skip reason) {
  {
    Lock lock(mutex_);
    refusedRoots_.push_back({search, fs::pathText(path), reason});
  }
  endSearch(search, StopReason::cancelled);
}

std::vector<RefusedRoot> ScanState::refusedRoots() {
  Lock lock(mutex_);
  return refusedRoots_;
}

std::vector<std::string> ScanState::takeErrors() {
  Lock lock(mutex_);
  return std::move(errors_);
}

}  // namespace mig
