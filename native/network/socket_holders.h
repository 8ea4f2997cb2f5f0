// Finds the processes that hold the listed sockets: the kernel's tables on Linux give only a socket's inode.
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
  std::string user;       // effective user, as text; empty when not visible
  std::string container;  // empty outside of containers
  std::vector<uint64_t> inodes;  // the requested sockets that it holds
};

struct HolderSummary {
  std::vector<SocketHolder> holders;  // by pid; several processes may hold a socket
  uint64_t processes = 0;
  uint64_t noPermission = 0;  // processes whose descriptors are not visible
};

// Reads the descriptors of every process once.
HolderSummary findSocketHolders(const std::vector<uint64_t>& inodes, const proc::UserNames& users, WorkControl& control);

}  // namespace mig
