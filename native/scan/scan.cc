#include "scan/scan.h"

#include <deque>

#include "scan/examiner.h"
#include "scan/walk.h"

namespace mig {

namespace {

// Files that wait hold their directory open: more would not make the scan faster, only need more descriptors.
constexpr size_t kMaxWaiting = 256;

// A FileView that owns what it needs.
struct WaitingFile {
  std::shared_ptr<Directory> directory;
  std::string directoryPath;
  std::string name;
  fs::FileType type;
  std::vector<ActiveSearch> searches;
  bool isRoot;

  FileView view() const { return {*directory, directoryPath, name.c_str(), name.size(), type, searches, isRoot}; }
};

class WaitingFiles {
 public:
  // False when there is no room: the walk then examines the file itself.
  bool offer(const std::shared_ptr<Directory>& directory, const FileView& file) {
    Lock lock(mutex_);
    if (files_.size() >= kMaxWaiting) return false;
    files_.push_back({directory, file.directoryPath, std::string(file.name, file.nameBytes), file.type, file.searches, file.isRoot});
    arrived_.wakeOne();
    return true;
  }

  // False when there is none; with `wait`, when there will be no more.
  bool take(WaitingFile& file, bool wait) {
    Lock lock(mutex_);
    while (wait && files_.empty() && !isClosed_) arrived_.wait(mutex_);
    if (files_.empty()) return false;
    file = std::move(files_.front());
    files_.pop_front();
    return true;
  }

  void close() {
    Lock lock(mutex_);
    isClosed_ = true;
    arrived_.wakeAll();
  }

 private:
  Mutex mutex_;
  Condition arrived_;
  std::deque<WaitingFile> files_;
  bool isClosed_ = false;
};

// Until there are no more files and none is unfinished.
void examineWaiting(ScanState& state, Examiner& examiner, WaitingFiles& waiting) {
  WaitingFile file;
  for (;;) {
    if (examiner.hasRoom() && waiting.take(file, examiner.isIdle())) {
      if (state.shouldStop()) continue;
      const FileView view = file.view();
      if (examiner.selectByName(view)) examiner.examineSelected(view);
      state.pause();
    } else if (examiner.isIdle()) {
      return;
    } else {
      examiner.advance();
    }
  }
}

class FileDispatcher final : public FileHandler {
 public:
  FileDispatcher(ScanState& state, const LinkScope& scope, WaitingFiles* waiting)
      : examiner_(state, scope), waiting_(waiting) {}

  void handle(const std::shared_ptr<Directory>& directory, const FileView& file) override {
    if (!examiner_.selectByName(file)) return;
    if (waiting_ != nullptr && waiting_->offer(directory, file)) return;
    examiner_.examineSelected(file);
  }
  Examiner& examiner() { return examiner_; }

 private:
  Examiner examiner_;
  WaitingFiles* waiting_;
};

ScanSummary summarise(ScanState& state) {
  ScanSummary summary;
  const Counters& counters = state.counters;
  summary.files = counters.files;
  summary.directories = counters.directories;
  summary.bytes = counters.bytes;
  summary.openFailed = counters.openFailed;
  summary.longLines = counters.longLines;
  for (size_t index = 0; index < kSkips; index += 1) {
    const uint64_t count = counters.skipped[index];
    if (count > 0) summary.skipped.emplace_back(static_cast<Skip>(index), count);
  }
  summary.errors = state.takeErrors();
  summary.limitedSearches = state.limitedSearches();
  summary.protectedQuestions = state.protection.takenQuestions();
  summary.refusedRoots = state.refusedRoots();
  summary.stopReason = state.stopReason();
  return summary;
}

}  // namespace

ScanSummary runScan(ScanState& state) {
  const LinkScope scope(state.plan);
  state.protection.resolve(scope.mounts());
  WaitingFiles waiting;
  std::vector<std::unique_ptr<Thread>> threads;
  for (unsigned index = 1; index < state.plan.threads; index += 1) {
    auto thread = std::make_unique<Thread>();
    // With fewer threads than wanted the scan is slower, not wrong.
    if (!thread->start([&] {
          Examiner examiner(state, scope);
          examineWaiting(state, examiner, waiting);
        })) {
      break;
    }
    threads.push_back(std::move(thread));
  }
  FileDispatcher dispatcher(state, scope, threads.empty() ? nullptr : &waiting);
  Walk walk(state, scope, dispatcher);
  walk.run();
  waiting.close();
  examineWaiting(state, dispatcher.examiner(), waiting);
  threads.clear();
  return summarise(state);
}

}  // namespace mig
