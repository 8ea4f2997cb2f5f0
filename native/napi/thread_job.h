// A task that needs a thread of its own, because it changes what belongs to a thread or gives results while it runs.
#pragma once

#include <functional>
#include <memory>

#include "napi/task.h"
#include "thread/thread.h"

namespace mig {

class ThreadJob : public Task {
 public:
  // Starts the job and gives JavaScript `{done, cancel}`; throws `no-thread` when the system has none.
  static Napi::Value start(Napi::Env env, const std::shared_ptr<ThreadJob>& job);

  // From any thread: the job is to end early.
  virtual void cancel() { stop.store(true); }

 protected:
  // `onBatch` is what `callJavaScript` calls.
  ThreadJob(Napi::Env env, const Napi::Function& onBatch);

  using Call = std::function<void(Napi::Env env, Napi::Function onBatch)>;
  // On the job's thread: queues a call and waits while the queue is full. False when JavaScript is gone.
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
  // The thread keeps the job alive: nobody else has to.
  std::shared_ptr<ThreadJob> self_;
};

}  // namespace mig
