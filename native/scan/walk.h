// Walks the roots of a plan, by as many threads as take part: each directory once, whatever the number of searches that
// look at it.
#pragma once

#include <string>
#include <vector>

#include "scan/link_scope.h"
#include "scan/roots.h"
#include "scan/scan_state.h"
#include "scan/subtree_queue.h"
#include "scan/walker.h"

namespace mig {

class Walk {
 public:
  Walk(ScanState& state, const LinkScope& scope) : state_(state), scope_(scope), roots_(state.plan) {}

  // To be called by one thread, and returns when all is walked; what it finds goes to `handler`.
  void run(FileHandler& handler);
  // Takes parts of what `run` walks, until all of that is walked. For any number of other threads.
  void help(FileHandler& handler);
  // Nobody waits any more for parts to walk; for a walk that was broken off.
  void close() { queue_.close(); }

 private:
  Walker makeWalker(FileHandler& handler) { return {state_, scope_, roots_, queue_, handler}; }
  std::vector<size_t> findDirectories(FileHandler& handler);
  void examineFile(size_t root, FileHandler& handler);
  void walkRoot(size_t root, Walker& walker);

  ScanState& state_;
  const LinkScope& scope_;
  Roots roots_;
  SubtreeQueue queue_;
};

}  // namespace mig
