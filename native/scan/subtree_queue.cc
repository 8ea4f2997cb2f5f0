#include "scan/subtree_queue.h"

namespace mig {

void SubtreeQueue::give(Subtree subtree) {
  Lock lock(mutex_);
  wanted_.fetch_sub(1, std::memory_order_relaxed);
  subtrees_.push_back(std::move(subtree));
  changed_.wakeOne();
}

bool SubtreeQueue::takeUnless(Subtree& subtree, bool endsWhenDone) {
  Lock lock(mutex_);
  wanted_.fetch_add(1, std::memory_order_relaxed);
  while (subtrees_.empty()) {
    if (isClosed_ || (endsWhenDone && walking_ == 0)) {
      wanted_.fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    changed_.wait(mutex_);
  }
  subtree = std::move(subtrees_.front());
  subtrees_.pop_front();
  walking_ += 1;
  return true;
}

void SubtreeQueue::begin() {
  Lock lock(mutex_);
  walking_ += 1;
}

void SubtreeQueue::finish() {
  Lock lock(mutex_);
  walking_ -= 1;
  if (walking_ == 0) changed_.wakeAll();
}

void SubtreeQueue::close() {
  Lock lock(mutex_);
  isClosed_ = true;
  changed_.wakeAll();
}

}  // namespace mig
