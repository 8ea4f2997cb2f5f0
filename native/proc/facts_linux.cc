#include "proc/facts.h"

#include <fcntl.h>

#include <cerrno>

#include "proc/container.h"
#include "proc/file_systems_linux.h"
#include "proc/process.h"

namespace mig::proc {

namespace {

// Room for whole command lines of Java. Longer ones are cut, so that a hostile process cannot fill our memory.
constexpr size_t kCommandBytes = 64 * 1024;

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

int readExecutable(const Process& process, Executable& executable) {
  constexpr std::string_view deleted = " (deleted)";
  constexpr std::string_view memory = "/memfd:";
  const int linkError = process.readLink("exe", executable.path);
  // The kernel does not tell a path of more than 4,095 bytes.
  if (linkError == EACCES || linkError == EPERM || linkError == ENAMETOOLONG) {
    executable.kind = ExecutableKind::hidden;
    return 0;
  }
  // A kernel thread and a zombie have the link, but no target.
  if (linkError == ENOENT) return 0;
  if (linkError != 0) return linkError;
  executable.kind = ExecutableKind::file;
  FileStatus status;
  if (process.statLink("exe", status) == 0) {
    // A living file may be called "x (deleted)": its link count decides.
    executable.isDeleted = status.links == 0;
    executable.identity = std::to_string(status.id.device) + ":" + std::to_string(status.id.inode) + ":" +
                          std::to_string(status.changedNanoseconds);
  } else {
    executable.isDeleted = endsWith(executable.path, deleted);
  }
  if (executable.isDeleted && endsWith(executable.path, deleted)) executable.path.resize(executable.path.size() - deleted.size());
  executable.isMemory = executable.isDeleted && executable.path.compare(0, memory.size(), memory) == 0;
  return 0;
}

}  // namespace

struct FactsReader::Snapshot {};

FactsReader::FactsReader(const UserNames& users) : users_(users) {}
FactsReader::~FactsReader() = default;

int FactsReader::read(int pid, Facts& facts) {
  Process process;
  Stat stat;
  Status status;
  if (const int error = Process::open(pid, process); error != 0) return error;
  if (const int error = readStat(process, stat); error != 0) return error;
  if (const int error = readStatus(process, status); error != 0) return error;
  if (const int error = readExecutable(process, facts.executable); error != 0) return error;
  facts.pid = pid;
  facts.parentPid = stat.parentPid;
  facts.name = std::move(stat.name);
  facts.state = stat.state;
  facts.isKernelThread = stat.isKernelThread;
  facts.startTicks = stat.startTicks;
  facts.startSeconds = toEpochSeconds(stat.startTicks);
  facts.userId = std::to_string(status.userId);
  facts.user = users_.textOf(status.userId);
  facts.capabilities = status.capabilities;
  // Failures here are not worth dropping the process. What was read of the command line before an error counts.
  const int commandError = process.readFile("cmdline", kCommandBytes, facts.command, &facts.isCommandCut);
  if (isGone(commandError)) return commandError;
  facts.isCommandCut = facts.isCommandCut || commandError != 0;
  readContainer(process, facts.container);
  return 0;
}

int openExecutable(int pid, uint64_t startTicks, fs::Descriptor& file) {
  Process process;
  if (const int error = openProcess(pid, startTicks, process); error != 0) return error;
  fs::Descriptor handle;
  if (const int error = process.openFile("exe", O_PATH, handle); error != 0) return error;
  if (FileSystems().isRemoteFile(process, handle)) return EREMOTE;
  // Must be the file that was examined: the process may have executed another one meanwhile.
  return openAt(AT_FDCWD, ("/proc/thread-self/fd/" + std::to_string(handle.value())).c_str(), O_RDONLY, file);
}

}  // namespace mig::proc
