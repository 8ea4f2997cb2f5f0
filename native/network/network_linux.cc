#include "network/network.h"

#include <unistd.h>

#include <cerrno>

#include "fs/fs.h"
#include "network/links.h"
#include "network/namespaces.h"
#include "network/sockets.h"

namespace mig {

namespace {

bool isWanted(SocketTable table, const NetworkQuery& query) {
  switch (tableProtocol(table)) {
    case SocketProtocol::tcp: return query.tcpListening || query.tcpConnected;
    case SocketProtocol::udp: return query.udp;
    case SocketProtocol::raw: return query.raw;
    case SocketProtocol::packet: return query.packet;
    case SocketProtocol::unixDomain: return query.unixDomain;
  }
  return false;
}

// The errors of a kernel or sandbox without sock_diag or without this part of it.
bool isNotServed(int error) {
  return error == ENOENT || error == EINVAL || error == EOPNOTSUPP || error == EPROTONOSUPPORT || error == EAFNOSUPPORT;
}

// The thread's current namespace.
class NamespaceReader {
 public:
  NamespaceReader(const NetworkQuery& query, WorkControl& control, NetworkSummary& summary, NetworkSink& sink, uint64_t networkNamespace)
      : query_(query), control_(control), summary_(summary), sink_(sink), namespace_(networkNamespace) {}

  void read() {
    summary_.namespaces += 1;
    // Neighbours and packet sockets refer to interfaces by index.
    if (query_.interfaces || query_.neighbours || query_.packet) note("interfaces", readInterfaces(control_.stop, interfaces_));
    if (query_.interfaces) addInterfaces();
    if (query_.neighbours) addNeighbours();
    for (const SocketTable table : {SocketTable::tcp4, SocketTable::tcp6, SocketTable::udp4, SocketTable::udp6, SocketTable::raw4,
                                    SocketTable::raw6, SocketTable::packet, SocketTable::unixDomain}) {
      if (isWanted(table, query_) && control_.mayContinue()) note(std::string(tableName(table)) + " sockets", addSockets(table));
    }
  }

 private:
  void addInterfaces() {
    summary_.interfaces += interfaces_.size();
    for (const auto& [index, entry] : interfaces_) sink_.add(namespace_, entry);
  }

  void addNeighbours() {
    std::vector<NeighbourEntry> neighbours;
    note("neighbours", readNeighbours(control_.stop, interfaces_, neighbours));
    summary_.neighbours += neighbours.size();
    for (NeighbourEntry& entry : neighbours) sink_.add(namespace_, std::move(entry));
  }

  int addSockets(SocketTable table) {
    const TakeSocket take = [this](SocketEntry entry) {
      control_.mayContinue();
      summary_.sockets += 1;
      sink_.add(namespace_, std::move(entry));
    };
    const int error = dumpSockets(table, query_, interfaces_, control_.stop, take);
    if (!isNotServed(error)) return error;
    const int textError = readProcSockets(table, query_, interfaces_, control_.stop, take);
    // A missing file in an existing folder means that the kernel has no such sockets, such as without IPv6.
    return textError == ENOENT && access("/proc/thread-self/net", F_OK) == 0 ? 0 : textError;
  }

  void note(const std::string& what, int error) {
    if (error == 0 || error == ECANCELED) return;
    if (error == EINTR) summary_.skips.changedWhileRead += 1;
    else if (error == EACCES || error == EPERM) summary_.skips.noPermission += 1;
    else if (isNotServed(error)) summary_.skips.unsupported += 1;
    else summary_.skips.readError += 1;
    const std::string reason = error == EINTR ? "changed during the read; entries may be missing" : fs::describeError(error);
    summary_.errors.push_back("net:[" + std::to_string(namespace_) + "]: " + what + ": " + reason);
  }

  const NetworkQuery& query_;
  WorkControl& control_;
  NetworkSummary& summary_;
  NetworkSink& sink_;
  const uint64_t namespace_;
  InterfacesByIndex interfaces_;
};

}  // namespace

NetworkSummary readNetwork(const NetworkQuery& query, WorkControl& control, NetworkSink& sink) {
  NetworkSummary summary;
  const auto read = [&](uint64_t networkNamespace) { NamespaceReader(query, control, summary, sink, networkNamespace).read(); };
  const uint64_t own = readOwnNamespace();
  read(own);
  if (query.everyNamespace) visitOtherNamespaces(own, control, summary, read);
  return summary;
}

}  // namespace mig
