// What a target is on Windows.
#pragma once

#include "fs/fs.h"
#include "memory/loaded_image_win.h"
#include "memory/target.h"

namespace mig {

struct Target::System {
  fs::Descriptor process;
  int pid = 0;
  uint64_t startTicks = 0;
  // Of the mapping that was asked for last.
  uint64_t imageBase = 0;
  int imageError = 0;
  LoadedImage image;
};

}  // namespace mig
