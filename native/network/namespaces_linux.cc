#include "network/namespaces.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <charconv>
#include <unordered_set>

#include "fs/fs.h"
#include "proc/facts.h"
#include "proc/mount_table_linux.h"
#include "proc/process.h"
#include "proc/system.h"

namespace mig {

namespace {

constexpr std::string_view kPrefix = "net:[";

// The inode in "net:[4026531840]"; 0 for other texts.
uint64_t parseNamespace(std::string_view text) {
  uint64_t inode = 0;
  if (text.substr(0, kPrefix.size()) != kPrefix || text.back() != ']') return 0;
  return proc::parseNumber(text.substr(kPrefix.size(), text.size() - kPrefix.size() - 1), inode) ? inode : 0;
}

// Decodes a mount point of mountinfo: "\040" is a blank.
std::string decodeMountPoint(std::string_view text) {
  std::string path;
  for (size_t index = 0; index < text.size(); index += 1) {
    unsigned value = 0;
    const char* digits = text.data() + index + 1;
    if (text[index] == '\\' && index + 3 < text.size() && std::from_chars(digits, digits + 3, value, 8).ec == std::errc()) {
      path += static_cast<char>(value);
      index += 3;
    } else {
      path += text[index];
    }
  }
  return path;
}

// Removes and returns the first word of `line`.
std::string_view takeField(std::string_view& line) {
  const std::string_view field = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(field.size() + 1, line.size()));
  return field;
}

class Visitor {
 public:
  Visitor(uint64_t own, WorkControl& control, NetworkSummary& summary, const std::function<void(uint64_t)>& visit)
      : control_(control), summary_(summary), visit_(visit) {
    seen_.insert(own);
  }

  void visitProcesses() {
    std::vector<int> pids;
    if (const int error = proc::listProcesses(pids); error != 0) {
      summary_.skips.readError += 1;
      summary_.errors.push_back("network namespaces of processes: " + fs::describeError(error));
    }
    for (const int pid : pids) {
      if (!control_.mayContinue()) return;
      proc::Process process;
      if (proc::Process::open(pid, process) == 0) visitProcess(process);
    }
    if (hidden_ == 0) return;
    summary_.skips.noPermission += hidden_;
    summary_.errors.push_back(std::to_string(hidden_) + (hidden_ == 1 ? " process does not show its" : " processes do not show their") + " network namespace to us (needs root or CAP_SYS_PTRACE)");
  }

  // Namespaces without a process, kept alive by a bind mount like those of ip-netns(8).
  void visitMounts() {
    std::string mounts;
    if (proc::readMountTable(mounts) != 0) return;
    for (std::string_view rest = mounts; !rest.empty() && control_.mayContinue();) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      // The mount's id, its parent and the device come before the root.
      for (int field = 0; field < 3; field += 1) takeField(line);
      const uint64_t inode = parseNamespace(takeField(line));
      if (inode != 0) enter(inode, AT_FDCWD, decodeMountPoint(takeField(line)));
    }
  }

 private:
  void visitProcess(const proc::Process& process) {
    fs::Descriptor threads;
    if (process.openFile("task", O_RDONLY | O_DIRECTORY, threads) != 0) return;
    // A thread may be in another namespace than its process.
    proc::listDirectory(threads, [&](const char* thread) {
      const std::string path = std::string(thread) + "/ns/net";
      std::string target;
      const int error = proc::readLinkAt(threads.value(), path.c_str(), target);
      // A refusal for one thread holds for all of them.
      if (error == EACCES || error == EPERM) hidden_ += 1;
      if (error != 0) return false;
      if (const uint64_t inode = parseNamespace(target); inode != 0) enter(inode, threads.value(), path);
      return control_.mayContinue();
    });
  }

  void enter(uint64_t inode, int directory, const std::string& path) {
    if (seen_.count(inode) != 0) return;
    fs::Descriptor descriptor;
    proc::FileStatus status;
    // Ended or reused: another process of the namespace will be found.
    if (proc::openAt(directory, path.c_str(), O_RDONLY, descriptor) != 0 || proc::statFile(descriptor, status) != 0) return;
    if (status.id.inode != inode) return;
    seen_.insert(inode);
    if (setns(descriptor.value(), CLONE_NEWNET) == 0) {
      visit_(inode);
      return;
    }
    summary_.skips.noPermission += 1;
    summary_.errors.push_back("net:[" + std::to_string(inode) + "]: not entered: " + fs::describeError(errno) + " (needs CAP_SYS_ADMIN)");
  }

  WorkControl& control_;
  NetworkSummary& summary_;
  const std::function<void(uint64_t)>& visit_;
  std::unordered_set<uint64_t> seen_;
  uint64_t hidden_ = 0;
};

}  // namespace

uint64_t readOwnNamespace() {
  std::string target;
  return proc::readLinkAt(AT_FDCWD, "/proc/thread-self/ns/net", target) == 0 ? parseNamespace(target) : 0;
}

void visitOtherNamespaces(uint64_t own, WorkControl& control, NetworkSummary& summary, const std::function<void(uint64_t)>& visit) {
  fs::Descriptor home;
  const int error = proc::openAt(AT_FDCWD, "/proc/thread-self/ns/net", O_RDONLY, home);
  if (error != 0) {
    summary.skips.readError += 1;
    summary.errors.push_back("other network namespaces were skipped, because returning from them fails: " + fs::describeError(error));
    return;
  }
  Visitor visitor(own, control, summary, visit);
  visitor.visitProcesses();
  visitor.visitMounts();
  // A right to leave the namespace is also the right to return.
  setns(home.value(), CLONE_NEWNET);
}

}  // namespace mig
