// One process in /proc. Linux only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"
#include "proc/system.h"

namespace mig::proc {

// Identifies one process, never a later one with the same pid: then every read fails with ESRCH or ENOENT.
class Process {
 public:
  static int open(int pid, Process& out);

  int pid() const { return pid_; }
  // A path below /proc/PID.
  int openFile(const char* name, int flags, fs::Descriptor& out) const;
  int readFile(const char* name, size_t maxBytes, std::string& text, bool* cut = nullptr) const;
  int readLink(const char* name, std::string& target) const;
  // The link's target, not the link.
  int statLink(const char* name, FileStatus& status) const;

 private:
  int pid_ = 0;
  fs::Descriptor directory_;
};

// From /proc/PID/stat.
struct Stat {
  std::string name;  // at most 15 bytes, any but NUL
  char state = '?';  // R, S, D, Z, T, …
  int parentPid = 0;
  bool isKernelThread = false;
  uint64_t startTicks = 0;  // since boot; identifies a process for good together with the pid
};
bool parseStat(std::string_view text, Stat& stat);
int readStat(const Process& process, Stat& stat);

// ESRCH when the process is not the one that began then.
int openProcess(int pid, uint64_t startTicks, Process& out);

// From /proc/PID/status.
struct Status {
  uint32_t userId = 0;  // the effective one
  uint64_t capabilities = 0;  // effective, as a bit set
};
bool parseStatus(std::string_view text, Status& status);
int readStatus(const Process& process, Status& status);

// Converts ticks since boot to seconds since the epoch.
double toEpochSeconds(uint64_t ticks);

}  // namespace mig::proc
