// One call's work away from JavaScript's thread: JavaScript has a promise for what comes out and a way to end it early.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <new>

namespace mig {

class Task {
 public:
  virtual ~Task() = default;
  // On a thread of libuv's pool. Looks at `stop` at least every 50 ms.
  virtual void run() = 0;
  // On JavaScript's thread, afterwards.
  virtual Napi::Value result(Napi::Env env) = 0;

  std::atomic<bool> stop{false};
};

class TaskWorker final : public Napi::AsyncWorker {
 public:
  TaskWorker(Napi::Env env, std::shared_ptr<Task> task)
      : Napi::AsyncWorker(env, "mig task"), task_(std::move(task)), deferred_(Napi::Promise::Deferred::New(env)) {}
  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  void Execute() override {
    try {
      task_->run();
    } catch (const std::bad_alloc&) {
      SetError("expected to stay within the memory limit");
    }
  }
  void OnOK() override { deferred_.Resolve(task_->result(Env())); }
  void OnError(const Napi::Error& error) override {
    error.Value().Set("code", "out-of-memory");
    deferred_.Reject(error.Value());
  }

  std::shared_ptr<Task> task_;
  Napi::Promise::Deferred deferred_;
};

// `{done, cancel}`, see NativeTask in native/napi/task.ts.
inline Napi::Value startTask(Napi::Env env, const std::shared_ptr<Task>& task) {
  auto* worker = new TaskWorker(env, task);
  Napi::Object object = Napi::Object::New(env);
  object.Set("done", worker->promise());
  object.Set("cancel", Napi::Function::New(env, [task](const Napi::CallbackInfo&) { task->stop.store(true); }));
  worker->Queue();
  return object;
}

}  // namespace mig
