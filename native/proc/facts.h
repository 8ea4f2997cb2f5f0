// All cheap facts about one process, in one read.
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
  ExecutableKind kind = ExecutableKind::none;  // none: a kernel thread or a zombie; hidden: not visible to us
  std::string path;  // bytes, as the system shows it
  bool isDeleted = false;  // the file has no name in any directory
  bool isMemory = false;  // made by memfd_create(2)
  std::string identity;  // equal for the same version of the same file
};

struct Facts {
  int pid = 0;
  int parentPid = 0;
  std::string name;  // bytes; at most 15 on Linux and macOS
  char state = '?';  // R, S, D, Z, T, …; '?' if the system does not say
  bool isKernelThread = false;
  uint64_t startTicks = 0;  // in the system's own unit; identifies a process for good together with the pid
  double startSeconds = 0;  // since the epoch
  std::string command;  // arguments, each followed by a NUL
  bool isCommandCut = false;
  Executable executable;
  std::string userId;  // effective user: a number, on Windows a SID; empty when not visible
  std::string user;  // the local name of that user, or `userId` without one
  std::optional<uint64_t> capabilities;  // Linux only: effective, as a bit set
  std::string container;  // `docker/<id>`; empty outside of containers
};

// The pids of all processes, ascending. Returns 0 or an errno value.
int listProcesses(std::vector<int>& pids);

class FactsReader {
 public:
  // `users` must outlive it.
  explicit FactsReader(const UserNames& users);
  ~FactsReader();
  // Returns 0, or the errno value when nothing could be read: ESRCH for no such process.
  int read(int pid, Facts& facts);

 private:
  const UserNames& users_;
  // A snapshot for systems that report all processes at once, from the reader's creation.
  struct Snapshot;
  std::unique_ptr<Snapshot> snapshot_;
};

// Opens the executable of the process for reading; on Linux even if it has no name any more. ESRCH when the process is
// not the one that began at `startTicks`.
int openExecutable(int pid, uint64_t startTicks, fs::Descriptor& file);

// Whether the error of a read means that the process has ended.
bool isGone(int error);

}  // namespace mig::proc
