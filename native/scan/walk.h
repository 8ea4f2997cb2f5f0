// Walks the roots of a plan on all participating threads: each directory once, for all searches that cover it.
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

  // Called by one thread; returns when all is walked. `handler` receives the files.
  void run(FileHandler& handler);
  // Walks parts for `run` until it ends. For any number of other threads.
  void help(FileHandler& handler);
  // Wakes all waiting threads; for an aborted walk.
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
