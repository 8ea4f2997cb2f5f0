// Which files can be read without anybody but this machine's own disks having to answer: one on FUSE or a network can keep
// its reader in the kernel for ever, where no signal reaches it. Asks no file system itself.
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
  // The file system that a mapping of the process shows by its device. One that is known neither here nor to the process
  // counts as remote when no disk stands behind it, and so does one that only a user namespace of others knows.
  bool isRemoteDevice(const Process& process, uint64_t device);
  // The one that an open file (also by O_PATH) is on; a file whose mount cannot be told counts as remote.
  bool isRemoteFile(const Process& process, const fs::Descriptor& file);

 private:
  // Whether each is remote.
  struct Table {
    std::unordered_map<uint64_t, bool> byDevice;
    std::unordered_map<uint64_t, bool> byMount;
    void take(std::string_view mountinfo);
    void takeMemory();
  };
  // Of this process, and the kernel's own ones, which are mounted nowhere; read once.
  static const Table& ours();
  const Table& theirs(const Process& process);

  Table theirs_;
  int lastPid_ = 0;  // whose they are
};

}  // namespace mig::proc
