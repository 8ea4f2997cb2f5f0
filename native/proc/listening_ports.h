// Which ports processes listen on.
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

// Of the processes that are the keys of `ports`: TCP sockets that listen and UDP sockets without a remote end, in every
// network namespace that we may enter. Call it on a thread that ends afterwards, see readNetwork.
NetworkSummary readListeningPorts(PortsByPid& ports, WorkControl& control);

}  // namespace mig::proc
