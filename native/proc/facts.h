// All that is cheap to know about one process, in one reading.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fs/fs.h"
#include "proc/users.h"

namespace mig::proc {

enum class ExecutableKind : uint8_t { file, none, hidden };

struct Executable {
  ExecutableKind kind = ExecutableKind::none;  // none: a thread of the kernel, a zombie; hidden: we may not see it
  std::string path;  // bytes, as the system shows it
  bool isDeleted = false;  // no name in any directory stands for it any more
  bool isMemory = false;  // made by memfd_create(2)
  std::string identity;  // the same text for the same version of the same file
};

struct Facts {
  int pid = 0;
  int parentPid = 0;
  std::string name;  // bytes; on Linux and macOS at most 15
  char state = '?';  // R, S, D, Z, T, …; '?' where the system does not say
  bool isKernelThread = false;
  uint64_t startTicks = 0;  // in the system's own unit; with the pid it names a process for good
  double startSeconds = 0;  // since the epoch
  std::string command;  // arguments, each with a NUL behind it
  bool isCommandCut = false;
  Executable executable;
  std::string userId;  // as whom it acts: a number, on Windows a SID; empty when we may not see it
  std::string user;  // as text; the same as `userId` when it has no name here
  std::optional<uint64_t> capabilities;  // of Linux: effective, a bit each
  std::string container;  // `docker/<id>`; empty when the process is in none
};

// The numbers of all processes now, ascending. 0 or an errno value.
int listProcesses(std::vector<int>& pids);

class FactsReader {
 public:
  // `users` must outlive it.
  explicit FactsReader(const UserNames& users);
  ~FactsReader();
  // 0, or the errno value of what could not be read at all: ESRCH when there is no such process.
  int read(int pid, Facts& facts);

 private:
  const UserNames& users_;
  // What some systems tell of all processes at once only: as it is when the reader is made.
  struct Snapshot;
  std::unique_ptr<Snapshot> snapshot_;
};

// What the process runs, for reading; on Linux also when it has no name in any directory any more. ESRCH when the process
// is not the one that began at `startTicks`.
int openExecutable(int pid, uint64_t startTicks, fs::Descriptor& file);

// Whether the process is gone, by the error of a read.
bool isGone(int error);

}  // namespace mig::proc
