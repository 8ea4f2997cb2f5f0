#include "proc/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>

#include "proc/facts.h"

namespace mig::proc {

namespace {

constexpr size_t kStatBytes = 4096;
// Room for the 65,536 groups that a process may have, before its capabilities.
constexpr size_t kStatusBytes = 1 << 20;
// PF_KTHREAD of the kernel's linux/sched.h: a process cannot set it itself.
constexpr uint64_t kKernelThreadFlag = 0x00200000;

// Removes and returns the first word of `rest`.
std::string_view takeWord(std::string_view& rest) {
  const size_t start = std::min(rest.find_first_not_of(" \t\n"), rest.size());
  const size_t end = std::min(rest.find_first_of(" \t\n", start), rest.size());
  const std::string_view word = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return word;
}

// The value of `key` in its line; empty when there is no such line.
std::string_view findField(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (text.substr(0, key.size()) == key) return text.substr(key.size(), end - key.size());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

int listProcesses(std::vector<int>& pids) {
  pids.clear();
  fs::Descriptor root;
  if (const int error = openAt(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY, root); error != 0) return error;
  const int error = listDirectory(root, [&](const char* name) {
    uint64_t pid = 0;
    if (parseNumber(name, pid)) pids.push_back(static_cast<int>(pid));
    return true;
  });
  std::sort(pids.begin(), pids.end());
  // Without procfs the folder is empty: otherwise it would list at least this process.
  return error == 0 && pids.empty() ? ENOSYS : error;
}

int Process::open(int pid, Process& out) {
  out.pid_ = pid;
  return openAt(AT_FDCWD, ("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY, out.directory_);
}

int Process::openFile(const char* name, int flags, fs::Descriptor& out) const {
  return openAt(directory_.value(), name, flags, out);
}

int Process::readFile(const char* name, size_t maxBytes, std::string& text, bool* cut) const {
  fs::Descriptor file;
  if (const int error = openFile(name, O_RDONLY, file); error != 0) return error;
  return readToEnd(file, maxBytes, text, cut);
}

int Process::readLink(const char* name, std::string& target) const {
  return readLinkAt(directory_.value(), name, target);
}

int Process::statLink(const char* name, FileStatus& status) const { return statAt(directory_.value(), name, status); }

// `12 (name) S 1 …`: the name may hold spaces and parentheses, so it ends at the last parenthesis.
bool parseStat(std::string_view text, Stat& stat) {
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  stat.name = text.substr(open + 1, close - open - 1);
  std::string_view rest = text.substr(close + 1);
  const std::string_view state = takeWord(rest);
  uint64_t parentPid = 0;
  if (state.size() != 1 || !parseNumber(takeWord(rest), parentPid)) return false;
  // See proc(5): flags are field 9, the start time is field 22.
  for (int field = 5; field < 9; field += 1) takeWord(rest);
  uint64_t flags = 0;
  if (!parseNumber(takeWord(rest), flags)) return false;
  for (int field = 10; field < 22; field += 1) takeWord(rest);
  if (!parseNumber(takeWord(rest), stat.startTicks)) return false;
  stat.state = state[0];
  stat.parentPid = static_cast<int>(parentPid);
  stat.isKernelThread = (flags & kKernelThreadFlag) != 0;
  return true;
}

bool parseStatus(std::string_view text, Status& status) {
  std::string_view ids = findField(text, "Uid:");
  takeWord(ids);  // real
  uint64_t userId = 0;
  if (!parseNumber(takeWord(ids), userId)) return false;
  std::string_view field = findField(text, "CapEff:");
  const std::string_view hex = takeWord(field);
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), status.capabilities, 16);
  if (error != std::errc() || end != hex.data() + hex.size()) return false;
  status.userId = static_cast<uint32_t>(userId);
  return true;
}

int readStat(const Process& process, Stat& stat) {
  std::string text;
  if (const int error = process.readFile("stat", kStatBytes, text); error != 0) return error;
  return parseStat(text, stat) ? 0 : EPROTO;
}

int openProcess(int pid, uint64_t startTicks, Process& out) {
  Stat stat;
  if (const int error = Process::open(pid, out); error != 0) return error;
  if (const int error = readStat(out, stat); error != 0) return error;
  return stat.startTicks == startTicks ? 0 : ESRCH;
}

int readStatus(const Process& process, Status& status) {
  std::string text;
  if (const int error = process.readFile("status", kStatusBytes, text); error != 0) return error;
  return parseStatus(text, status) ? 0 : EPROTO;
}

double toEpochSeconds(uint64_t ticks) {
  timespec now{};
  timespec sinceBoot{};
  clock_gettime(CLOCK_REALTIME, &now);
  clock_gettime(CLOCK_BOOTTIME, &sinceBoot);
  const double bootSeconds = static_cast<double>(now.tv_sec - sinceBoot.tv_sec) +
                             static_cast<double>(now.tv_nsec - sinceBoot.tv_nsec) / 1e9;
  return bootSeconds + static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace mig::proc
