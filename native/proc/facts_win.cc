#include "proc/facts.h"

#include <algorithm>
#include <cerrno>

#include "fs/fs_win.h"
#include "fs/path_text.h"
#include "proc/account_win.h"
#include "proc/command_line_win.h"
#include "proc/process_win.h"
#include "proc/snapshot_win.h"
#include "text/wide_win.h"

namespace mig::proc {

namespace {

constexpr int kIdlePid = 0;
constexpr int kSystemPid = 4;
// ProcessCommandLineInformation of newer headers, since Windows 8.1.
constexpr auto kProcessCommandLine = static_cast<PROCESSINFOCLASS>(60);
// A command line has at most 32,767 characters.
constexpr size_t kCommandBytes = sizeof(UNICODE_STRING) + (32 << 10) * sizeof(wchar_t);

// The path of the executable at the start of the process.
int readPath(const fs::Descriptor& process, std::string& path) {
  std::wstring buffer(32 << 10, L'\0');
  auto length = static_cast<DWORD>(buffer.size());
  if (!QueryFullProcessImageNameW(fs::handleOf(process), 0, buffer.data(), &length)) return fs::errorOf(GetLastError());
  buffer.resize(length);
  path = fromWide(buffer);
  return 0;
}

int openByPath(const std::string& text, fs::Descriptor& file) {
  std::string path;
  return fs::parsePath(text, path) ? fs::openPath(path, file) : ENOENT;
}

void readExecutable(const fs::Descriptor& process, Executable& executable) {
  if (readPath(process, executable.path) != 0 || executable.path.empty()) return;
  executable.kind = ExecutableKind::file;
  fs::Descriptor file;
  fs::FileInfo info;
  const int error = openByPath(executable.path, file);
  executable.isDeleted = error == ENOENT;
  if (error != 0 || fs::readInfo(file, info) != 0) return;
  executable.identity = std::to_string(info.id.device) + ":" + std::to_string(info.id.inode) + ":" + std::to_string(info.mtimeSeconds) +
                        "." + std::to_string(info.mtimeNanoseconds);
}

bool readCommandLine(const fs::Descriptor& process, std::string& line) {
  std::vector<char> buffer(kCommandBytes);
  ULONG needed = 0;
  if (NtQueryInformationProcess(fs::handleOf(process), kProcessCommandLine, buffer.data(), static_cast<ULONG>(buffer.size()), &needed) < 0) return false;
  const auto* text = reinterpret_cast<const UNICODE_STRING*>(buffer.data());
  line = fromWide({text->Buffer, text->Length / sizeof(wchar_t)});
  return text->Length > 0;
}

bool copy(const fs::Descriptor& process, const void* from, void* to, size_t bytes) {
  SIZE_T got = 0;
  return ReadProcessMemory(fs::handleOf(process), from, to, bytes, &got) && got == bytes;
}

// Reads the command line from the process's memory, for systems without kProcessCommandLine.
bool readOwnCommandLine(int pid, std::string& line) {
  fs::Descriptor process;
  PROCESS_BASIC_INFORMATION basic{};
  PEB peb{};
  RTL_USER_PROCESS_PARAMETERS parameters{};
  if (openProcess(pid, PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, process) != 0) return false;
  if (NtQueryInformationProcess(fs::handleOf(process), ProcessBasicInformation, &basic, sizeof basic, nullptr) < 0) return false;
  if (!copy(process, basic.PebBaseAddress, &peb, sizeof peb) || !copy(process, peb.ProcessParameters, &parameters, sizeof parameters)) return false;
  std::wstring text(parameters.CommandLine.Length / sizeof(wchar_t), L'\0');
  if (!copy(process, parameters.CommandLine.Buffer, text.data(), text.size() * sizeof(wchar_t))) return false;
  line = fromWide(text);
  return true;
}

// Kernel-only processes such as Registry and Memory Compression: their parent is System, and they have no executable.
bool isOfKernel(const SnapshotEntry& entry, const Executable& executable) {
  if (entry.pid == kIdlePid || entry.pid == kSystemPid) return true;
  return entry.parentPid == kSystemPid && executable.kind == ExecutableKind::none;
}

}  // namespace

int listProcesses(std::vector<int>& pids) {
  std::vector<SnapshotEntry> entries;
  const int error = readSnapshot(entries);
  pids.clear();
  for (const SnapshotEntry& entry : entries) pids.push_back(entry.pid);
  return error;
}

struct FactsReader::Snapshot {
  std::vector<SnapshotEntry> entries;
  int error = readSnapshot(entries);

  const SnapshotEntry* find(int pid) const {
    const auto found = std::lower_bound(entries.begin(), entries.end(), pid, [](const SnapshotEntry& entry, int wanted) { return entry.pid < wanted; });
    return found == entries.end() || found->pid != pid ? nullptr : &*found;
  }
};

FactsReader::FactsReader(const UserNames& users) : users_(users), snapshot_(new Snapshot) {}
FactsReader::~FactsReader() = default;

int FactsReader::read(int pid, Facts& facts) {
  const SnapshotEntry* entry = snapshot_->find(pid);
  if (entry == nullptr) return snapshot_->error != 0 ? snapshot_->error : ESRCH;
  facts.pid = pid;
  facts.parentPid = entry->parentPid;
  facts.name = entry->name;
  facts.startTicks = entry->startMicroseconds;
  facts.startSeconds = static_cast<double>(entry->startMicroseconds) / 1e6;
  fs::Descriptor process;
  // Protected processes reveal only that they exist.
  const int error = pid == kIdlePid ? EACCES : openProcess(pid, PROCESS_QUERY_LIMITED_INFORMATION, process);
  if (error == ESRCH) return error;
  if (error == 0) {
    readExecutable(process, facts.executable);
    std::string line;
    if (readCommandLine(process, line) || readOwnCommandLine(pid, line)) facts.command = splitCommandLine(line);
    Account account;
    if (readAccount(process, account)) {
      facts.userId = account.sid;
      facts.user = fs::systemText(account.name);
    }
  }
  facts.isKernelThread = isOfKernel(*entry, facts.executable);
  if (facts.executable.kind == ExecutableKind::none && !facts.isKernelThread) facts.executable.kind = ExecutableKind::hidden;
  return 0;
}

int openExecutable(int pid, uint64_t startTicks, fs::Descriptor& file) {
  fs::Descriptor process;
  fs::Descriptor handle;
  std::string path;
  if (const int error = openProcess(pid, startTicks, PROCESS_QUERY_LIMITED_INFORMATION, process)) return error;
  if (const int error = readPath(process, path)) return error;
  if (const int error = openByPath(path, handle)) return error;
  return fs::reopenForReading(handle, file);
}

}  // namespace mig::proc
