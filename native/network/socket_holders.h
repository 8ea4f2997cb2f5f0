// Which processes hold the sockets that were found: on Linux the kernel's tables give only a socket's inode.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/network.h"
#include "proc/users.h"

namespace mig {

struct SocketHolder {
  int32_t pid = 0;
  std::string name;  // bytes
  std::string user;       // as whom it acts, as text; empty when we may not see it
  std::string container;  // empty outside of containers
  std::vector<uint64_t> inodes;  // those of the sockets asked for that it holds
};

struct HolderSummary {
  std::vector<SocketHolder> holders;  // by pid; a socket may be held by several
  uint64_t processes = 0;
  uint64_t noPermission = 0;  // processes whose descriptors may not be seen
};

// Looks once at the descriptors of every process.
HolderSummary findSocketHolders(const std::vector<uint64_t>& inodes, const proc::UserNames& users, WorkControl& control);

}  // namespace mig
