// The mappings of a process as /proc/PID/maps lists them. Linux only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proc/process.h"

namespace mig::proc {

struct Mapping {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t offset = 0;  // in the file
  uint64_t inode = 0;  // 0 when there is no file
  bool isReadable = false;
  bool isWritable = false;
  bool isExecutable = false;
  bool isShared = false;
  bool isDeleted = false;  // no name in any directory stands for the file any more
  std::string path;  // bytes, without " (deleted)"; `[heap]` and the like; empty for plain anonymous memory

  // Memory that no file stands behind.
  bool isAnonymous() const;
  // Memory of a device or of the kernel: reading it could have effects or cannot work.
  bool isSpecial() const;
};

// False when the line is none of that file's.
bool parseMapping(std::string_view line, Mapping& mapping);
// By address. EFBIG when there are more than any honest process has.
int readMappings(const Process& process, std::vector<Mapping>& mappings);
// The mapping that holds the address, null when none does.
const Mapping* findMapping(const std::vector<Mapping>& mappings, uint64_t address);

}  // namespace mig::proc
