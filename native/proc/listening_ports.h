// The ports that processes listen on.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "network/network.h"

namespace mig::proc {

struct ListeningPort {
  SocketProtocol protocol = SocketProtocol::tcp;
  std::string address;
  uint16_t port = 0;
};

using PortsByPid = std::map<int, std::vector<ListeningPort>>;

// For the processes that are keys of `ports`: listening TCP sockets and UDP sockets without a remote end, in all
// accessible network namespaces. Call it on a thread that ends afterwards, see readNetwork.
NetworkSummary readListeningPorts(PortsByPid& ports, WorkControl& control);

}  // namespace mig::proc
