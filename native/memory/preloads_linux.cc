#include "memory/signs.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include "memory/target_linux.h"

namespace mig {

namespace {

// With the usual stack of 8 MiB, the kernel limits arguments and environment together to 6 MiB.
constexpr size_t kEnvironmentBytes = 8 << 20;
constexpr size_t kPreloadFileBytes = 64 * 1024;
constexpr std::string_view kLoaderVariables[] = {"LD_PRELOAD=", "LD_AUDIT="};

// Follows no links: in a container they could lead to files of the host.
int openPreloadFile(Target::System& system, fs::Descriptor& file, proc::FileStatus& status) {
  const proc::Process& process = system.process;
  fs::Descriptor root;
  fs::Descriptor folder;
  if (const int error = process.openFile("root", O_PATH | O_DIRECTORY, root); error != 0) return error;
  if (system.fileSystems.isRemoteFile(process, root)) return EREMOTE;
  if (const int error = proc::openAt(root.value(), "etc", O_PATH | O_DIRECTORY | O_NOFOLLOW, folder); error != 0) return error;
  if (system.fileSystems.isRemoteFile(process, folder)) return EREMOTE;
  fs::Descriptor handle;
  if (const int error = proc::openAt(folder.value(), "ld.so.preload", O_PATH | O_NOFOLLOW, handle); error != 0) return error;
  if (system.fileSystems.isRemoteFile(process, handle)) return EREMOTE;
  // A container may have a device there: opening one can already do something.
  if (const int error = proc::statFile(handle, status); error != 0) return error;
  if (!S_ISREG(status.mode)) return EINVAL;
  return proc::openAt(AT_FDCWD, ("/proc/thread-self/fd/" + std::to_string(handle.value())).c_str(), O_RDONLY, file);
}

// The format of ld.so(8): blanks or colons separate names, and a `#` begins a comment.
std::vector<std::string> parsePreloadFile(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    std::string_view line = whole.substr(0, whole.find('#'));
    while (!line.empty()) {
      const size_t start = std::min(line.find_first_not_of(" \t:\r"), line.size());
      const size_t end = std::min(line.find_first_of(" \t:\r", start), line.size());
      if (end > start) names.emplace_back(line.substr(start, end - start));
      line.remove_prefix(end);
    }
  }
  return names;
}

// What was read before an error counts.
int readVariables(const proc::Process& process, std::vector<std::string>& variables, bool& isCut) {
  std::string text;
  const int error = process.readFile("environ", kEnvironmentBytes, text, &isCut);
  if (error != 0 && text.empty()) return error;
  isCut = isCut || error != 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    for (const std::string_view name : kLoaderVariables) {
      if (entry.size() > name.size() && entry.substr(0, name.size()) == name) variables.emplace_back(entry);
    }
  }
  return 0;
}

}  // namespace

int readPreloads(Target& target, Preloads& preloads) {
  const proc::Process& process = target.system().process;
  if (const int error = readVariables(process, preloads.variables, preloads.isCut); error != 0) return error;
  fs::Descriptor file;
  proc::FileStatus status;
  std::string text;
  // Usually the file does not exist.
  const int openError = openPreloadFile(target.system(), file, status);
  if (openError == ENOENT) return 0;
  bool isListCut = openError != 0;
  if (openError == 0 && proc::readToEnd(file, kPreloadFileBytes, text, &isListCut) != 0) isListCut = true;
  preloads.isCut = preloads.isCut || isListCut;
  // The last line of a cut list may be half a name.
  if (isListCut) text.resize(text.rfind('\n') + 1);
  if (text.empty()) return 0;
  preloads.files = parsePreloadFile(text);
  preloads.source = "/etc/ld.so.preload";
  preloads.fileIdentity = std::to_string(status.id.device) + ":" + std::to_string(status.id.inode);
  return 0;
}

}  // namespace mig
