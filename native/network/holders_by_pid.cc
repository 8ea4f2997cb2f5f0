// macOS and Windows give the pid with each socket, so no search is needed. See SocketEntry.
#if !defined(__linux__)

#include <unordered_set>

#include "network/socket_holders.h"
#include "proc/facts.h"
#include "proc/listening_ports.h"

namespace mig {

HolderSummary findSocketHolders(const std::vector<uint64_t>& pids, const proc::UserNames& users, WorkControl& control) {
  const std::unordered_set<uint64_t> wanted(pids.begin(), pids.end());
  proc::FactsReader reader(users);
  HolderSummary summary;
  for (const uint64_t pid : wanted) {
    if (!control.mayContinue()) break;
    summary.processes += 1;
    proc::Facts facts;
    if (reader.read(static_cast<int>(pid), facts) != 0) continue;
    summary.holders.push_back({facts.pid, std::move(facts.name), std::move(facts.user), std::move(facts.container), {pid}});
  }
  return summary;
}

namespace proc {

namespace {

class PortSink final : public NetworkSink {
 public:
  explicit PortSink(PortsByPid& ports) : ports_(ports) {}
  void add(uint64_t, NetworkEntry entry) override {
    auto* socket = std::get_if<SocketEntry>(&entry);
    if (socket == nullptr || socket->remotePort != 0 || socket->localPort == 0) return;
    const auto found = ports_.find(static_cast<int>(socket->inode));
    if (found != ports_.end()) found->second.push_back({socket->protocol, std::move(socket->localAddress), socket->localPort});
  }

 private:
  PortsByPid& ports_;
};

}  // namespace

NetworkSummary readListeningPorts(PortsByPid& ports, WorkControl& control) {
  NetworkQuery query;
  query.tcpListening = query.udp = true;
  PortSink sink(ports);
  return readNetwork(query, control, sink);
}

}  // namespace proc

}  // namespace mig

#endif
