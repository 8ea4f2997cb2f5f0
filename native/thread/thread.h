// Threads and locks of libuv, which every Node exports. std::thread and std::condition_variable would need a newer
// libstdc++ than Node does, and libuv has the same calls on every platform.
#pragma once

#include <uv.h>

#include <cstdlib>
#include <functional>

namespace mig {

class Mutex {
 public:
  Mutex() {
    if (uv_mutex_init(&mutex_) != 0) abort();
  }
  ~Mutex() { uv_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  void lock() { uv_mutex_lock(&mutex_); }
  void unlock() { uv_mutex_unlock(&mutex_); }
  uv_mutex_t* native() { return &mutex_; }

 private:
  uv_mutex_t mutex_;
};

class Condition {
 public:
  Condition() {
    if (uv_cond_init(&condition_) != 0) abort();
  }
  ~Condition() { uv_cond_destroy(&condition_); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  // The caller must hold the mutex.
  void wait(Mutex& mutex) { uv_cond_wait(&condition_, mutex.native()); }
  void wakeOne() { uv_cond_signal(&condition_); }
  void wakeAll() { uv_cond_broadcast(&condition_); }

 private:
  uv_cond_t condition_;
};

class Lock {
 public:
  explicit Lock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

// Joins at the end of its scope.
class Thread {
 public:
  Thread() = default;
  ~Thread() { join(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // False when the system has no thread left.
  bool start(std::function<void()> work) {
    work_ = std::move(work);
    running_ = uv_thread_create(&thread_, [](void* self) { static_cast<Thread*>(self)->work_(); }, this) == 0;
    return running_;
  }
  void join() {
    if (running_) uv_thread_join(&thread_);
    running_ = false;
  }

 private:
  uv_thread_t thread_{};
  std::function<void()> work_;
  bool running_ = false;
};

}  // namespace mig
