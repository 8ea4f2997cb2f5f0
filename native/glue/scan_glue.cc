#include "glue/scan_glue.h"

#include <memory>
#include <vector>

#include "glue/errors.h"
#include "glue/plan_glue.h"
#include "scan/scan.h"

namespace mig {

namespace {

// A call into JavaScript costs as much as a hundred hits; a person should still see the first ones at once.
constexpr size_t kBatchHits = 256;
constexpr uint64_t kBatchNanoseconds = 50 * 1000000ull;
// Batches that JavaScript has not taken yet: more stop the scan, so that memory stays bounded.
constexpr size_t kMaxBatches = 16;

const char* stopName(StopReason reason) {
  switch (reason) {
    case StopReason::cancelled: return "cancelled";
    case StopReason::time: return "time";
    case StopReason::memory: return "memory";
    case StopReason::none:
    case StopReason::matchLimit: return nullptr;
  }
  return nullptr;
}

Napi::Object toObject(Napi::Env env, const Hit& hit) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("search", hit.search);
  object.Set("check", hit.check);
  object.Set("value", hit.value);
  object.Set("path", hit.path);
  object.Set("mode", hit.mode);
  object.Set("sizeBytes", static_cast<double>(hit.sizeBytes));
  object.Set("mtimeSeconds", static_cast<double>(hit.mtimeSeconds));
  object.Set("mtimeNanoseconds", hit.mtimeNanoseconds);
  if (!hit.sha256.empty()) object.Set("sha256", hit.sha256);
  return object;
}

Napi::Object toObject(Napi::Env env, const ScanSummary& summary) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("files", static_cast<double>(summary.files));
  object.Set("directories", static_cast<double>(summary.directories));
  object.Set("bytes", static_cast<double>(summary.bytes));
  object.Set("openFailed", static_cast<double>(summary.openFailed));
  object.Set("longLines", static_cast<double>(summary.longLines));
  Napi::Array skipped = Napi::Array::New(env);
  for (const auto& [skip, count] : summary.skipped) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("reason", skipName(skip));
    entry.Set("count", static_cast<double>(count));
    skipped.Set(skipped.Length(), entry);
  }
  object.Set("skipped", skipped);
  Napi::Array errors = Napi::Array::New(env);
  for (const std::string& error : summary.errors) errors.Set(errors.Length(), error);
  object.Set("errors", errors);
  Napi::Array limited = Napi::Array::New(env);
  for (const uint32_t search : summary.limitedSearches) limited.Set(limited.Length(), search);
  object.Set("limitedSearches", limited);
  object.Set("protectedQuestions", static_cast<double>(summary.protectedQuestions));
  Napi::Array refused = Napi::Array::New(env);
  for (const std::string& path : summary.refusedRoots) refused.Set(refused.Length(), path);
  object.Set("refusedRoots", refused);
  const char* stop = stopName(summary.stopReason);
  object.Set("stopped", stop == nullptr ? env.Null() : Napi::String::New(env, stop).As<Napi::Value>());
  return object;
}

// Owns everything of one scan. Lives until its thread has ended and JavaScript has had the summary.
class ScanJob final : public HitSink, public std::enable_shared_from_this<ScanJob> {
 public:
  ScanJob(Napi::Env env, std::unique_ptr<Plan> plan, const Napi::Function& onHits)
      : plan_(std::move(plan)),
        state_(*plan_, *this),
        deferred_(Napi::Promise::Deferred::New(env)),
        toJavaScript_(Napi::ThreadSafeFunction::New(env, onHits, "mig scan", kMaxBatches, 1)) {}

  bool start(Napi::Env env) {
    // The thread keeps the job alive: nobody else has to.
    self_ = shared_from_this();
    env_ = env;
    napi_add_env_cleanup_hook(env_, &ScanJob::onExit, this);
    if (thread_.start([this] { run(); })) return true;
    napi_remove_env_cleanup_hook(env_, &ScanJob::onExit, this);
    toJavaScript_.Release();
    self_.reset();
    return false;
  }

  void cancel() { state_.stop(StopReason::cancelled); }
  Napi::Promise promise() const { return deferred_.Promise(); }

  void add(Hit hit) override {
    Lock lock(mutex_);
    batch_.push_back(std::move(hit));
    if (batch_.size() >= kBatchHits || uv_hrtime() - lastBatch_ >= kBatchNanoseconds) sendBatch();
  }

 private:
  void run() {
    summary_ = runScan(state_);
    {
      Lock lock(mutex_);
      if (!batch_.empty()) sendBatch();
    }
    toJavaScript_.BlockingCall([this](Napi::Env env, Napi::Function) { finish(env); });
    toJavaScript_.Release();
  }

  void sendBatch() {
    auto* hits = new std::vector<Hit>(std::move(batch_));
    batch_.clear();
    lastBatch_ = uv_hrtime();
    const napi_status status = toJavaScript_.BlockingCall(hits, [](Napi::Env env, Napi::Function onHits, std::vector<Hit>* taken) {
      const std::unique_ptr<std::vector<Hit>> owned(taken);
      const Napi::HandleScope scope(env);
      Napi::Array array = Napi::Array::New(env, owned->size());
      for (uint32_t index = 0; index < owned->size(); index += 1) array.Set(index, toObject(env, (*owned)[index]));
      onHits.Call({array});
    });
    if (status == napi_ok) return;
    delete hits;
    cancel();
  }

  void finish(Napi::Env env) {
    thread_.join();
    napi_remove_env_cleanup_hook(env_, &ScanJob::onExit, this);
    deferred_.Resolve(toObject(env, summary_));
    self_.reset();
  }

  // JavaScript goes away while the scan runs.
  static void onExit(void* data) {
    auto* job = static_cast<ScanJob*>(data);
    job->cancel();
    job->toJavaScript_.Abort();
    job->thread_.join();
    job->self_.reset();
  }

  std::unique_ptr<Plan> plan_;
  ScanState state_;
  Napi::Promise::Deferred deferred_;
  Napi::ThreadSafeFunction toJavaScript_;
  napi_env env_ = nullptr;
  Thread thread_;
  ScanSummary summary_;
  Mutex mutex_;
  std::vector<Hit> batch_;
  uint64_t lastBatch_ = 0;
  std::shared_ptr<ScanJob> self_;
};

}  // namespace

Napi::Value startScan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsObject() || !info[1].IsFunction()) return throwCoded(env, "bad-plan", "expected a plan and a function");
  std::string error;
  std::unique_ptr<Plan> plan = toPlan(info[0].As<Napi::Object>(), error);
  if (!plan) return throwCoded(env, "bad-plan", error);
  auto job = std::make_shared<ScanJob>(env, std::move(plan), info[1].As<Napi::Function>());
  if (!job->start(env)) return throwCoded(env, "no-thread", "expected a thread for the scan, got none from the system");
  Napi::Object object = Napi::Object::New(env);
  object.Set("done", job->promise());
  object.Set("cancel", Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->cancel(); }));
  return object;
}

}  // namespace mig
