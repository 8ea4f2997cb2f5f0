#include "scan/scan.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "scan/examiner.h"
#include "scan/waiting_files.h"
#include "scan/walk.h"

namespace mig {

namespace {

bool wantsContent(const Plan& plan) {
  return std::any_of(plan.searches.begin(), plan.searches.end(), [](const Search& search) { return search.wantsContent(); });
}

// Examines the walker's files at once.
class FileExaminer final : public FileHandler {
 public:
  FileExaminer(ScanState& state, const LinkScope& scope) : examiner_(state, scope) {}

  void handle(const std::shared_ptr<Directory>&, const FileView& file) override {
    if (examiner_.selectByName(file)) examiner_.examineSelected(file);
  }

 private:
  Examiner examiner_;
};

void examine(ScanState& state, Examiner& examiner, const FileView& file) {
  if (state.isStopping()) return;
  if (examiner.selectByName(file)) examiner.examineSelected(file);
  state.pause();
}

// Runs until there are no more files and none is unfinished.
void examineWaiting(ScanState& state, Examiner& examiner, WaitingFiles& waiting) {
  WaitingFile file;
  for (;;) {
    if (examiner.hasRoom() && waiting.take(file, examiner.isIdle())) {
      if (!state.shouldStop()) examine(state, examiner, file.view());
      file.batch.reset();
    } else if (examiner.isIdle()) {
      return;
    } else {
      examiner.advance();
    }
  }
}

bool hasNameTests(const Plan& plan) {
  return std::any_of(plan.searches.begin(), plan.searches.end(), [](const Search& search) { return search.infoFrom > 0; });
}

// Passes the walker's files to the reading threads, if there are any.
class FileDispatcher final : public FileHandler {
 public:
  FileDispatcher(ScanState& state, const LinkScope& scope, WaitingFiles* waiting)
      : state_(state), examiner_(state, scope), waiting_(waiting), hasNameTests_(hasNameTests(state.plan)) {}

  void handle(const std::shared_ptr<Directory>& directory, const FileView& file) override {
    if (waiting_ == nullptr) return examine(state_, examiner_, file);
    // Without a name test all files are examined, so the other threads may as well do the selection.
    if (hasNameTests_ && !examiner_.selectByName(file)) return;
    if (batch_ && !batch_->fits(directory, file)) flush();
    if (!batch_) batch_ = std::make_shared<FileBatch>();
    batch_->add(directory, file);
  }

  // Passes on the collected files; examines them here when the others are busy.
  void flush() override {
    if (!batch_) return;
    const std::shared_ptr<const FileBatch> batch = std::move(batch_);
    batch_.reset();
    if (waiting_->offer(batch)) return;
    for (size_t index = 0; index < batch->size(); index += 1) examine(state_, examiner_, batch->view(index));
  }
  Examiner& examiner() { return examiner_; }

 private:
  ScanState& state_;
  Examiner examiner_;
  WaitingFiles* waiting_;
  const bool hasNameTests_;
  std::shared_ptr<FileBatch> batch_;
};

// The calling thread and its helpers. When one runs out of memory, all end and the scan fails.
class Team {
 public:
  // `release` wakes all members that wait for each other.
  Team(ScanState& state, std::function<void()> release) : state_(state), release_(std::move(release)) {}

  // With fewer threads than wanted the scan is only slower.
  void start(unsigned count, const std::function<void()>& work) {
    while (threads_.size() < count) {
      threads_.push_back(std::make_unique<Thread>());
      if (threads_.back()->start([this, work] { attempt(work); })) continue;
      threads_.pop_back();
      break;
    }
  }

  bool isAlone() const { return threads_.empty(); }

  // Returns when all members have ended. Throws std::bad_alloc.
  void run(const std::function<void()>& own) {
    attempt(own);
    threads_.clear();
    if (isOutOfMemory_.load()) throw std::bad_alloc();
  }

 private:
  void attempt(const std::function<void()>& work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      isOutOfMemory_.store(true);
      state_.stop(StopReason::memory);
      release_();
    }
  }

  ScanState& state_;
  const std::function<void()> release_;
  std::atomic<bool> isOutOfMemory_{false};
  std::vector<std::unique_ptr<Thread>> threads_;
};

// Each thread lists directories and examines their files.
void scanTogether(ScanState& state, const LinkScope& scope) {
  Walk walk(state, scope);
  Team team(state, [&] { walk.close(); });
  team.run([&] {
    team.start(state.plan.threads - 1, [&] {
      FileExaminer helper(state, scope);
      walk.help(helper);
    });
    FileExaminer handler(state, scope);
    walk.run(handler);
  });
}

// One thread lists. A file may be much work, so each thread takes one after the other; the lister helps at the end.
void scanContent(ScanState& state, const LinkScope& scope) {
  WaitingFiles waiting;
  Team team(state, [&] { waiting.close(); });
  team.run([&] {
    team.start(state.plan.threads - 1, [&] {
      Examiner examiner(state, scope);
      examineWaiting(state, examiner, waiting);
    });
    FileDispatcher dispatcher(state, scope, team.isAlone() ? nullptr : &waiting);
    Walk(state, scope).run(dispatcher);
    waiting.close();
    examineWaiting(state, dispatcher.examiner(), waiting);
  });
}

ScanSummary summarise(ScanState& state) {
  ScanSummary summary;
  const Counters& counters = state.counters;
  summary.files = counters.files;
  summary.directories = counters.directories;
  summary.bytes = counters.bytes;
  summary.openFailed = counters.openFailed;
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
  // Names alone need no protection unless some may be hidden.
  if (wantsContent(state.plan) || state.protection.hidesHits()) state.protection.resolve(scope.mounts());
  if (wantsContent(state.plan)) scanContent(state, scope);
  else scanTogether(state, scope);
  return summarise(state);
}

}  // namespace mig
