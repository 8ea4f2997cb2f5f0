// What a target is on macOS.
#pragma once

#include <mach/mach_types.h>

#include "fs/fs.h"
#include "memory/target.h"

namespace mig {

struct Target::System {
  ~System();
  // The right to the process's memory, which is asked for when it is first needed: only root gets it, and nobody for
  // programs of the system while System Integrity Protection is on.
  int openTask();

  int pid = 0;
  uint64_t startTicks = 0;
  task_t task = TASK_NULL;
  // Of the mapping that was asked for last.
  std::string originalPath;
  fs::Descriptor original;
};

}  // namespace mig
