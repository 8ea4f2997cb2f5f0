#include "proc/facts.h"

#include <libproc.h>
#include <sys/proc.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "proc/process_mac.h"

namespace mig::proc {

namespace {

constexpr int kKernelPid = 0;
constexpr size_t kCommandBytes = 64 * 1024;
// Room for processes that begin between the two calls.
constexpr size_t kSpareProcesses = 64;

char stateOf(char status) {
  switch (status) {
    case SRUN: return 'R';
    case SSLEEP: return 'S';
    case SSTOP: return 'T';
    case SZOMB: return 'Z';
    case SIDL: return 'I';
    default: return '?';
  }
}

// The file of the first executable mapping: the running program, whoever has its name now. False when we may not ask.
bool readMappedFile(int pid, const std::string& path, vinfo_stat& status) {
  uint64_t address = 0;
  proc_regionwithpathinfo region{};
  while (proc_pidinfo(pid, PROC_PIDREGIONPATHINFO, address, &region, sizeof region) == static_cast<int>(sizeof region)) {
    if (path == region.prp_vip.vip_path) {
      status = region.prp_vip.vip_vi.vi_stat;
      return true;
    }
    const uint64_t next = region.prp_prinfo.pri_address + region.prp_prinfo.pri_size;
    if (next <= address) return false;
    address = next;
  }
  return false;
}

// The file counts as deleted when its path is free or belongs to another file.
void readExecutable(int pid, Executable& executable) {
  char path[PROC_PIDPATHINFO_MAXSIZE];
  const int length = proc_pidpath(pid, path, sizeof path);
  if (length <= 0) {
    executable.kind = errno == EPERM || errno == EACCES ? ExecutableKind::hidden : ExecutableKind::none;
    return;
  }
  executable.kind = ExecutableKind::file;
  executable.path.assign(path, static_cast<size_t>(length));
  struct stat named;
  const int error = stat(path, &named) == 0 ? 0 : errno;
  vinfo_stat mapped{};
  const bool isKnown = readMappedFile(pid, executable.path, mapped);
  executable.isDeleted = error == ENOENT || (isKnown && error == 0 && mapped.vst_ino != named.st_ino);
  if (error != 0) return;
  executable.identity = std::to_string(named.st_dev) + ":" + std::to_string(named.st_ino) + ":" + std::to_string(named.st_ctimespec.tv_sec) + "." +
                        std::to_string(named.st_ctimespec.tv_nsec);
}

}  // namespace

int listProcesses(std::vector<int>& pids) {
  pids.clear();
  const int expected = proc_listallpids(nullptr, 0);
  if (expected <= 0) return errno;
  pids.resize(static_cast<size_t>(expected) + kSpareProcesses);
  const int count = proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(int)));
  if (count <= 0) return errno;
  pids.resize(static_cast<size_t>(count));
  std::sort(pids.begin(), pids.end());
  return 0;
}

struct FactsReader::Snapshot {};

FactsReader::FactsReader(const UserNames& users) : users_(users) {}
FactsReader::~FactsReader() = default;

int FactsReader::read(int pid, Facts& facts) {
  kinfo_proc info{};
  if (const int error = readKernelInfo(pid, info)) return error;
  facts.pid = pid;
  facts.parentPid = info.kp_eproc.e_ppid;
  facts.name = info.kp_proc.p_comm;
  facts.state = stateOf(info.kp_proc.p_stat);
  facts.isKernelThread = pid == kKernelPid;
  facts.startTicks = startOf(info);
  facts.startSeconds = static_cast<double>(facts.startTicks) / 1e6;
  facts.userId = std::to_string(info.kp_eproc.e_ucred.cr_uid);
  facts.user = users_.textOf(info.kp_eproc.e_ucred.cr_uid);
  if (facts.isKernelThread || info.kp_proc.p_stat == SZOMB) return 0;
  readExecutable(pid, facts.executable);
  std::string environment;
  // A failure here is not worth dropping the process.
  if (readArguments(pid, kCommandBytes, facts.command, environment, facts.isCommandCut) != 0) facts.command.clear();
  return 0;
}

// macOS can only open it by name; it must still be the running file.
int openExecutable(int pid, uint64_t startTicks, fs::Descriptor& file) {
  if (const int error = checkStart(pid, startTicks)) return error;
  Executable executable;
  readExecutable(pid, executable);
  if (executable.kind == ExecutableKind::hidden) return EACCES;
  if (executable.kind == ExecutableKind::none || executable.isDeleted) return ENOENT;
  return fs::openPath(executable.path, file);
}

}  // namespace mig::proc
