// A small file at a known place, read at once: looked at before it is opened, and never waited for.
#pragma once

#include <cstddef>
#include <string>

#include "fs/fs.h"

namespace mig::fs {

enum class WholeFileState : uint8_t {
  read,
  notRegular,    // a folder, a device, a pipe
  hasEffect,     // see read_effects.h
  tooLarge,
  failed,
};

struct WholeFile {
  WholeFileState state = WholeFileState::failed;
  int error = 0;  // errno value of `failed`
  std::string bytes;
};

// Links in the path are followed. A file that grows meanwhile is read to its first size.
WholeFile readWholeFile(const std::string& path, size_t mostBytes);

}  // namespace mig::fs
