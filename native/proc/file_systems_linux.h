// Tells local files from those on FUSE or a network, whose reader the kernel can block for ever and unkillably. Makes
// no request to the file system itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fs/fs.h"
#include "proc/process.h"

namespace mig::proc {

uint64_t toDevice(uint64_t major, uint64_t minor);

class FileSystems {
 public:
  // The file system of a mapping, by its device. It counts as remote when neither this process nor the target knows it
  // and it has no disk, or when only a foreign user namespace knows it.
  bool isRemoteDevice(const Process& process, uint64_t device);
  // The file system of an open file (also with O_PATH). A file with an unknown mount counts as remote.
  bool isRemoteFile(const Process& process, const fs::Descriptor& file);

 private:
  // Whether each is remote.
  struct Table {
    std::unordered_map<uint64_t, bool> byDevice;
    std::unordered_map<uint64_t, bool> byMount;
    void take(std::string_view mountinfo);
    void takeMemory();
  };
  // Of this process, and the kernel's own unmounted ones; read once.
  static const Table& ours();
  const Table& theirs(const Process& process);

  Table theirs_;
  int lastPid_ = 0;  // the process that they belong to
};

}  // namespace mig::proc
