#include "proc/listening_ports.h"

#include <unordered_map>

#include "proc/socket_inodes.h"

namespace mig::proc {

namespace {

class PortSink final : public NetworkSink {
 public:
  void add(uint64_t, NetworkEntry entry) override {
    auto* socket = std::get_if<SocketEntry>(&entry);
    if (socket == nullptr || socket->inode == 0 || socket->remotePort != 0 || socket->localPort == 0) return;
    byInode[socket->inode] = {socket->protocol, std::move(socket->localAddress), socket->localPort};
  }

  std::unordered_map<uint64_t, ListeningPort> byInode;
};

}  // namespace

NetworkSummary readListeningPorts(PortsByPid& ports, WorkControl& control) {
  NetworkQuery query;
  query.tcpListening = query.udp = query.everyNamespace = true;
  PortSink sink;
  NetworkSummary summary = readNetwork(query, control, sink);
  std::vector<uint64_t> inodes;
  for (auto& [pid, list] : ports) {
    if (!control.mayContinue()) break;
    Process process;
    if (Process::open(pid, process) != 0 || readSocketInodes(process, inodes) != 0) continue;
    for (const uint64_t inode : inodes) {
      if (const auto found = sink.byInode.find(inode); found != sink.byInode.end()) list.push_back(found->second);
    }
  }
  return summary;
}

}  // namespace mig::proc
