// Moves directories from walkers with many left to idle walkers.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "scan/directory.h"
#include "thread/thread.h"

namespace mig {

// A directory to be listed, with everything below it.
struct Subtree {
  std::shared_ptr<Directory> directory;
  std::string path;  // as reported
  size_t root;       // the root of its walk
  std::vector<ActiveSearch> searches;
};

class SubtreeQueue {
 public:
  // Whether a walker is idle and no subtree is on its way to it. Cheap enough for every directory.
  bool isWanted() const { return wanted_.load(std::memory_order_relaxed) > 0; }
  void give(Subtree subtree);

  // Waits for a subtree; call `finish` after walking it. False when the queue is closed.
  bool take(Subtree& subtree) { return takeUnless(subtree, false); }
  // The same for the walker of the root: false once no walker is busy, so that everything below it is done.
  bool takeUnlessDone(Subtree& subtree) { return takeUnless(subtree, true); }
  // Call before walking a subtree that was not taken here but may be shared.
  void begin();
  void finish();
  // Call when there are no more roots.
  void close();

 private:
  bool takeUnless(Subtree& subtree, bool endsWhenDone);

  Mutex mutex_;
  Condition changed_;
  std::deque<Subtree> subtrees_;
  size_t walking_ = 0;               // walkers that may still share subtrees
  std::atomic<int64_t> wanted_{0};  // idle walkers, minus the subtrees ready for them
  bool isClosed_ = false;
};

}  // namespace mig
