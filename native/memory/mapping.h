// A mapping in the memory of a process.
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
  uint64_t offset = 0;  // in the file; on Windows in the loaded image
  uint64_t inode = 0;  // of the file, if the system tells
  uint64_t device = 0;  // of its file system, if the system tells
  MappingKind kind = MappingKind::anonymous;
  bool isReadable = false;
  bool isWritable = false;
  bool isExecutable = false;
  bool isShared = false;
  bool isDeleted = false;  // the file has no name in any directory
  bool isAnonymous = false;  // no file
  bool isSpecial = false;  // of a device or the kernel: reading could have side effects or fails
  bool isRemote = false;  // of a file on FUSE or a network: reading it may block for ever
  std::string path;  // bytes; for anonymous memory the system's name, such as `[heap]`
};

// The mapping that contains the address; null when there is none.
const Mapping* findMapping(const std::vector<Mapping>& mappings, uint64_t address);

}  // namespace mig
