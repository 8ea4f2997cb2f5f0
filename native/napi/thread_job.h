// A task with a thread of its own, because it changes per-thread state or delivers results while it runs.
#pragma once

#include <functional>
#include <memory>

#include "napi/task.h"
#include "thread/thread.h"

namespace mig {

class ThreadJob : public Task {
 public:
  // Starts the job and returns `{done, cancel}`; throws `no-thread` when the system has no thread left.
  static Napi::Value start(Napi::Env env, const std::shared_ptr<ThreadJob>& job);

  // Asks the job to end early; callable from any thread.
  virtual void cancel() { stop.store(true); }

 protected:
  // `onBatch` is the JavaScript function for `callJavaScript`.
  ThreadJob(Napi::Env env, const Napi::Function& onBatch);

  using Call = std::function<void(Napi::Env env, Napi::Function onBatch)>;
  // Runs on the job's thread: queues a call and waits while the queue is full. False when JavaScript has ended.
  bool callJavaScript(Call call);

 private:
  void work();
  void finish(Napi::Env env);
  static void onExit(void* data);

  Napi::Promise::Deferred deferred_;
  Napi::ThreadSafeFunction toJavaScript_;
  napi_env env_;
  Thread thread_;
  bool isOutOfMemory_ = false;
  // The thread owns the job, so no one else has to keep it.
  std::shared_ptr<ThreadJob> self_;
};

}  // namespace mig
