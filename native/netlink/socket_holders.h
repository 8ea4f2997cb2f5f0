// Which processes hold the sockets that were found: the kernel's tables give only a socket's inode.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netlink/network.h"

namespace mig {

struct SocketHolder {
  int32_t pid = 0;
  std::string name;  // bytes
  uint32_t userId = 0;    // effective
  std::string container;  // empty outside of containers
  std::vector<uint64_t> inodes;  // those of the sockets asked for that it holds
};

struct HolderSummary {
  std::vector<SocketHolder> holders;  // by pid; a socket may be held by several
  uint64_t processes = 0;
  uint64_t noPermission = 0;  // processes whose descriptors may not be seen
};

// Looks once at the descriptors of every process.
HolderSummary findSocketHolders(const std::vector<uint64_t>& inodes, WorkControl& control);

}  // namespace mig
