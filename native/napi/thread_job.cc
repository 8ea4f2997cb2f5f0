#include "napi/thread_job.h"

#include "napi/errors.h"

namespace mig {

namespace {

// The most calls in JavaScript's queue: the job waits at this limit, so that memory stays bounded.
constexpr size_t kMaxCalls = 16;

}  // namespace

ThreadJob::ThreadJob(Napi::Env env, const Napi::Function& onBatch)
    : deferred_(Napi::Promise::Deferred::New(env)),
      toJavaScript_(Napi::ThreadSafeFunction::New(env, onBatch, "mig job", kMaxCalls, 1)),
      env_(env) {}

Napi::Value ThreadJob::start(Napi::Env env, const std::shared_ptr<ThreadJob>& job) {
  job->self_ = job;
  napi_add_env_cleanup_hook(env, &ThreadJob::onExit, job.get());
  if (!job->thread_.start([raw = job.get()] { raw->work(); })) {
    napi_remove_env_cleanup_hook(env, &ThreadJob::onExit, job.get());
    job->toJavaScript_.Release();
    job->self_.reset();
    return throwCoded(env, "no-thread", "expected a thread for the work, got none from the system");
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("done", job->deferred_.Promise());
  object.Set("cancel", Napi::Function::New(env, [job](const Napi::CallbackInfo&) { job->cancel(); }));
  return object;
}

void ThreadJob::work() {
  try {
    run();
  } catch (const std::bad_alloc&) {
    isOutOfMemory_ = true;
  }
  callJavaScript([this](Napi::Env env, Napi::Function) { finish(env); });
  toJavaScript_.Release();
}

bool ThreadJob::callJavaScript(Call call) {
  auto* queued = new Call(std::move(call));
  const napi_status status = toJavaScript_.BlockingCall(queued, [](Napi::Env env, Napi::Function onBatch, Call* taken) {
    const std::unique_ptr<Call> owned(taken);
    const Napi::HandleScope scope(env);
    (*owned)(env, onBatch);
  });
  if (status != napi_ok) delete queued;
  return status == napi_ok;
}

void ThreadJob::finish(Napi::Env env) {
  thread_.join();
  napi_remove_env_cleanup_hook(env_, &ThreadJob::onExit, this);
  if (isOutOfMemory_) {
    const Napi::Error error = Napi::Error::New(env, "expected to stay within the memory limit");
    error.Value().Set("code", "out-of-memory");
    deferred_.Reject(error.Value());
  } else {
    deferred_.Resolve(result(env));
  }
  self_.reset();
}

// Called when JavaScript ends while the job runs.
void ThreadJob::onExit(void* data) {
  auto* job = static_cast<ThreadJob*>(data);
  job->cancel();
  job->toJavaScript_.Abort();
  job->thread_.join();
  job->self_.reset();
}

}  // namespace mig
