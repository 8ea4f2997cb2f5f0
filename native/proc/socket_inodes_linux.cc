#include "proc/socket_inodes.h"

#include <fcntl.h>

#include <string>

namespace mig::proc {

namespace {

// `socket:[4711]`, the target of the link of an open socket.
bool parseSocketLink(std::string_view target, uint64_t& inode) {
  constexpr std::string_view prefix = "socket:[";
  if (target.size() <= prefix.size() || target.substr(0, prefix.size()) != prefix || target.back() != ']') return false;
  return parseNumber(target.substr(prefix.size(), target.size() - prefix.size() - 1), inode);
}

}  // namespace

int readSocketInodes(const Process& process, std::vector<uint64_t>& inodes, const std::function<bool()>& mayContinue) {
  inodes.clear();
  fs::Descriptor directory;
  if (const int error = process.openFile("fd", O_RDONLY | O_DIRECTORY, directory); error != 0) return error;
  std::string target;
  return listDirectory(directory, [&](const char* name) {
    uint64_t inode = 0;
    if (readLinkAt(directory.value(), name, target) == 0 && parseSocketLink(target, inode)) inodes.push_back(inode);
    return mayContinue();
  });
}

}  // namespace mig::proc
