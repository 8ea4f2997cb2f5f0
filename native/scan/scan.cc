#include "scan/scan.h"

#include <algorithm>

#include "scan/examiner.h"
#include "scan/waiting_files.h"
#include "scan/walk.h"

namespace mig {

namespace {

bool wantsContent(const Plan& plan) {
  return std::any_of(plan.searches.begin(), plan.searches.end(), [](const Search& search) { return search.wantsContent(); });
}

void examine(ScanState& state, Examiner& examiner, const FileView& file) {
  if (state.isStopping()) return;
  if (examiner.selectByName(file)) examiner.examineSelected(file);
  state.pause();
}

// Until there are no more files and none is unfinished.
void examineWaiting(ScanState& state, Examiner& examiner, WaitingFiles& waiting) {
  FileSlice slice;
  for (;;) {
    if (examiner.hasRoom() && waiting.take(slice, examiner.isIdle())) {
      const size_t end = state.shouldStop() ? slice.begin : slice.end;
      for (size_t index = slice.begin; index < end; index += 1) examine(state, examiner, slice.batch->view(index));
      slice.batch.reset();
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
  // A file whose content is asked for may be much work: then each thread takes one after the other.
  WaitingFiles waiting(wantsContent(state.plan) ? 1 : FileBatch::kMaxFiles);
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
