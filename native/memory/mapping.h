// What lies where in the memory of a process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mig {

enum class MappingKind : uint8_t { heap, stack, anonymous, anonymousExecutable, file, executableFile, deletedFile, shared };
const char* mappingKindName(MappingKind kind);

struct Mapping {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t offset = 0;  // in the file; on Windows in the image as it is loaded
  uint64_t inode = 0;  // of the file, where the system tells
  uint64_t device = 0;  // of its file system, likewise
  MappingKind kind = MappingKind::anonymous;
  bool isReadable = false;
  bool isWritable = false;
  bool isExecutable = false;
  bool isShared = false;
  bool isDeleted = false;  // no name in any directory stands for the file any more
  bool isAnonymous = false;  // no file stands behind it
  bool isSpecial = false;  // of a device or of the kernel: reading it could have effects or cannot work
  bool isRemote = false;  // of a file on FUSE or a network: reading it may never end
  std::string path;  // bytes; of anonymous memory what the system calls it, such as `[heap]`
};

// The mapping that holds the address, null when none does.
const Mapping* findMapping(const std::vector<Mapping>& mappings, uint64_t address);

}  // namespace mig
