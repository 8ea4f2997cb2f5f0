#include "scan/scan.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "scan/examiner.h"
#include "scan/waiting_files.h"
#include "scan/walk.h"

namespace mig {

namespace {

bool wantsContent(const Plan& plan) {
  return std::any_of(plan.searches.begin(), plan.searches.end(), [](const Search& search) { return search.wantsContent(); });
}

// Examines at once what a walker finds.
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

// Until there are no more files and none is unfinished.
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

// Hands on what the walker finds to the threads that read, if there are any.
class FileDispatcher final : public FileHandler {
 public:
  FileDispatcher(ScanState& state, const LinkScope& scope, WaitingFiles* waiting)
      : state_(state), examiner_(state, scope), waiting_(waiting), hasNameTests_(hasNameTests(state.plan)) {}

  void handle(const std::shared_ptr<Directory>& directory, const FileView& file) override {
    if (waiting_ == nullptr) return examine(state_, examiner_, file);
    // Without a test of names all are examined, so the others may as well find that out.
    if (hasNameTests_ && !examiner_.selectByName(file)) return;
    if (batch_ && !batch_->fits(directory, file)) flush();
    if (!batch_) batch_ = std::make_shared<FileBatch>();
    batch_->add(directory, file);
  }

  // Hands on what has come; examines it here when the others are busy.
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

// Threads beside the calling one, which do the same; joined when they go out of scope.
class Helpers {
 public:
  Helpers(unsigned count, const std::function<void()>& work) {
    while (threads_.size() < count) {
      auto thread = std::make_unique<Thread>();
      // With fewer threads than wanted the scan is slower, not wrong.
      if (!thread->start(work)) break;
      threads_.push_back(std::move(thread));
    }
  }

  bool areNone() const { return threads_.empty(); }

 private:
  std::vector<std::unique_ptr<Thread>> threads_;
};

// Each thread lists directories, and examines what is in them.
void scanTogether(ScanState& state, const LinkScope& scope) {
  Walk walk(state, scope);
  FileExaminer handler(state, scope);
  const Helpers helpers(state.plan.threads - 1, [&] {
    FileExaminer own(state, scope);
    walk.help(own);
  });
  walk.run(handler);
}

// One thread lists; a file may be much work, so each thread takes one after the other. The lister does so at the end.
void scanContent(ScanState& state, const LinkScope& scope) {
  WaitingFiles waiting;
  const Helpers helpers(state.plan.threads - 1, [&] {
    Examiner examiner(state, scope);
    examineWaiting(state, examiner, waiting);
  });
  FileDispatcher dispatcher(state, scope, helpers.areNone() ? nullptr : &waiting);
  Walk(state, scope).run(dispatcher);
  waiting.close();
  examineWaiting(state, dispatcher.examiner(), waiting);
}

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
  // Names alone are judged only where they may be hidden.
  if (wantsContent(state.plan) || state.protection.hidesHits()) state.protection.resolve(scope.mounts());
  if (wantsContent(state.plan)) scanContent(state, scope);
  else scanTogether(state, scope);
  return summarise(state);
}

}  // namespace mig
