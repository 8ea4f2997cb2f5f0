// Work off JavaScript's thread. JavaScript gets a promise for the result and a function to cancel it.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <new>

namespace mig {

class Task {
 public:
  virtual ~Task() = default;
  // Runs on libuv's thread pool. Checks `stop` at least every 50 ms.
  virtual void run() = 0;
  // Runs afterwards on JavaScript's thread.
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
