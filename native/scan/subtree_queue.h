// Directories on their way from walkers that have many left to those that have none.
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

// A directory that is still to be listed, with all below it.
struct Subtree {
  std::shared_ptr<Directory> directory;
  std::string path;  // as it is reported
  size_t root;       // the one at which the walk to it began
  std::vector<ActiveSearch> searches;
};

class SubtreeQueue {
 public:
  // Whether some walker has nothing to do, and nothing is on its way to it. Cheap enough for every directory.
  bool isWanted() const { return wanted_.load(std::memory_order_relaxed) > 0; }
  void give(Subtree subtree);

  // Waits for a subtree; `finish` is to be called when it was walked. False when the queue is closed.
  bool take(Subtree& subtree) { return takeUnless(subtree, false); }
  // The same for the one who began with the root: false as soon as nobody walks any more, so that all below it is done.
  bool takeUnlessDone(Subtree& subtree) { return takeUnless(subtree, true); }
  // To be called by the one who walks something that was not taken here, and may give parts of it.
  void begin();
  void finish();
  // When there will be no other root.
  void close();

 private:
  bool takeUnless(Subtree& subtree, bool endsWhenDone);

  Mutex mutex_;
  Condition changed_;
  std::deque<Subtree> subtrees_;
  size_t walking_ = 0;               // walkers that may still give something
  std::atomic<int64_t> wanted_{0};  // walkers that wait, less what is there for them
  bool isClosed_ = false;
};

}  // namespace mig
