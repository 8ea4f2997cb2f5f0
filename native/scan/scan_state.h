// The shared state of all threads of one scan: stop signal, counters, errors, and the receiver of hits.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "budget/cpu_budget.h"
#include "scan/plan.h"
#include "thread/thread.h"

namespace mig {

// Reasons for skipped files; the names are those of protocol/result/result.ts.
enum class Skip : uint8_t {
  noPermission,
  vanished,
  changedWhileRead,
  otherFileSystem,
  specialFile,
  linkOutside,
  linkLoop,
  tooDeep,
  sizeLimit,
  readError,
  unsupported,
  isProtected,
  questionLimit,
  undecided,
};
constexpr size_t kSkips = 14;
const char* skipName(Skip skip);

enum class StopReason : uint8_t { none, cancelled, time, matchLimit, memory };

struct Hit {
  uint32_t search;
  int32_t check;  // -1 when all checks of the search match together
  int32_t value;  // the matching value of a digest check, else -1
  std::string path;  // escaped
  std::string mode;
  std::string link;  // escaped; empty for what is no link
  std::string sha256;  // empty unless requested and read
  fs::FileInfo info;
};

// A protected file that a search named as its root.
struct RefusedRoot {
  uint32_t search;
  std::string path;  // escaped
  Skip reason;
};

class HitSink {
 public:
  virtual ~HitSink() = default;
  // Callable from any thread; waits while the receiver is behind.
  virtual void add(Hit hit) = 0;
};

struct Counters {
  std::atomic<uint64_t> files{0};
  std::atomic<uint64_t> directories{0};
  std::atomic<uint64_t> bytes{0};
  std::atomic<uint64_t> openFailed{0};
  std::array<std::atomic<uint64_t>, kSkips> skipped{};
};

class ScanState {
 public:
  ScanState(const Plan& plan, HitSink& sink);

  // True once the scan must end. Reads the clock to check the deadline.
  bool shouldStop();
  // The same without the clock: cheap enough for every entry.
  bool isStopping() const { return stopping_.load(std::memory_order_relaxed); }
  void stop(StopReason reason);
  StopReason stopReason() const { return reason_.load(); }
  void pause() { budget_.pause(stopping_); }

  bool isSearchDone(uint32_t search) const { return done_[search].load(std::memory_order_relaxed); }
  // Whether any search reached its limit.
  bool wasAnyLimited() const { return limited_.load(); }
  std::vector<uint32_t> limitedSearches() const;
  // False when the search has had its last hit.
  bool takeHit(uint32_t search);
  void report(Hit hit) { sink_.add(std::move(hit)); }

  void count(Skip skip) { counters.skipped[static_cast<size_t>(skip)].fetch_add(1, std::memory_order_relaxed); }
  // Counts a failure by its errno value and keeps its text while there is room. `path` is not escaped.
  void noteError(const std::string& path, int error);
  // The same for metadata of a file that needs no opening.
  void noteUnknown(const std::string& path, int error);
  // What was read before `offset` counts.
  void noteReadError(const std::string& path, uint64_t offset, int error);
  void note(Skip skip, const std::string& path, const std::string& text);
  std::vector<std::string> takeErrors();
  // A root that is protected: the search is refused, and ends.
  void refuseRoot(uint32_t search, const std::string& path, Skip reason);
  std::vector<RefusedRoot> refusedRoots();

  Counters counters;
  const Plan& plan;
  Protection protection;

 private:
  void endSearch(uint32_t search, StopReason reason);

  HitSink& sink_;
  CpuBudget budget_;
  std::atomic<bool> stopping_{false};
  std::atomic<StopReason> reason_{StopReason::none};
  uint64_t deadline_ = 0;
  std::vector<std::atomic<uint64_t>> hits_;
  std::vector<std::atomic<bool>> done_;
  std::vector<std::atomic<bool>> atLimit_;
  std::atomic<size_t> openSearches_;
  std::atomic<bool> limited_{false};
  Mutex mutex_;
  std::vector<std::string> errors_;
  std::vector<RefusedRoot> refusedRoots_;
};

}  // namespace mig
