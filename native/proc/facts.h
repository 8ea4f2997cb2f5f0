// All that is cheap to know about one process, in one reading. Linux only.
#pragma once

#include <cstdint>
#include <string>

#include "proc/process.h"

namespace mig::proc {

enum class ExecutableKind : uint8_t { file, none, hidden };

struct Executable {
  ExecutableKind kind = ExecutableKind::none;  // none: a kernel thread, a zombie; hidden: we may not see it
  std::string path;  // bytes, as the kernel knows it, without " (deleted)"
  bool isDeleted = false;  // no name in any directory stands for it any more
  bool isMemory = false;  // made by memfd_create(2)
  std::string identity;  // the same text for the same version of the same file
};
int readExecutable(const Process& process, Executable& executable);

struct Facts {
  int pid = 0;
  Stat stat;
  Status status;
  std::string command;  // arguments, each with a NUL behind it
  bool isCommandCut = false;
  Executable executable;
  std::string container;  // see parseContainer
};
// 0, or the errno value of what could not be read at all.
int readFacts(int pid, Facts& facts);

}  // namespace mig::proc
