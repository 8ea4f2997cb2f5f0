// The Windows part of Target.
#pragma once

#include "fs/fs.h"
#include "memory/loaded_image_win.h"
#include "memory/target.h"

namespace mig {

struct Target::System {
  fs::Descriptor process;
  int pid = 0;
  uint64_t startTicks = 0;
  // The mapping of the last request.
  uint64_t imageBase = 0;
  int imageError = 0;
  LoadedImage image;
};

}  // namespace mig
