// The macOS part of Target.
#pragma once

#include <mach/mach_types.h>

#include "fs/fs.h"
#include "memory/target.h"

namespace mig {

struct Target::System {
  ~System();
  // The task port, requested on first use. Only root gets it, and nobody gets it for system programs while System
  // Integrity Protection is on.
  int openTask();

  int pid = 0;
  uint64_t startTicks = 0;
  task_t task = TASK_NULL;
  // The mapping of the last request.
  std::string originalPath;
  fs::Descriptor original;
};

}  // namespace mig
