// Interfaces, their addresses and neighbours in the calling thread's network namespace (rtnetlink(7)).
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "network/network.h"

namespace mig {

using InterfacesByIndex = std::map<uint32_t, InterfaceEntry>;

// Both return 0 or an errno value; EINTR when the tables kept changing during the read.
int readInterfaces(const std::atomic<bool>& stop, InterfacesByIndex& interfaces);
int readNeighbours(const std::atomic<bool>& stop, const InterfacesByIndex& interfaces, std::vector<NeighbourEntry>& neighbours);

// "eth0", or "#7" for an unknown index.
std::string interfaceName(const InterfacesByIndex& interfaces, uint32_t index);

}  // namespace mig
