// A snapshot of this machine's network: interfaces, neighbours and sockets, of one or of all network namespaces. Plain
// data, without Node-API.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "budget/cpu_budget.h"

namespace mig {

struct InterfaceEntry {
  std::string name;
  std::string mac;  // "02:fc:00:00:00:01", empty when it has none
  std::vector<std::string> addresses;
};

struct NeighbourEntry {
  std::string interfaceName;
  std::string address;
  std::string mac;    // empty when the neighbour did not answer
  const char* state;  // the names of ip-neighbour(8): "REACHABLE"
};

enum class SocketProtocol : uint8_t { tcp, udp, raw, packet, unixDomain };

struct SocketEntry {
  SocketProtocol protocol = SocketProtocol::tcp;
  const char* state = "";  // the names of netstat(8): "LISTEN"; "UNCONNECTED" for a socket without a remote end
  std::string localAddress;
  uint16_t localPort = 0;
  std::string remoteAddress;
  uint16_t remotePort = 0;
  uint16_t number = 0;  // raw: IP protocol; packet: EtherType
  std::string interfaceName;  // packet: the interface it is bound to
  std::string path;  // unix: bytes; abstract names start with "@"
  // 0 when no process holds it any more (TIME_WAIT). On macOS and Windows, where sockets have no numbers, the pid of
  // the holder serves instead.
  uint64_t inode = 0;
  uint64_t peerInode = 0;  // unix: of the peer
  std::optional<uint32_t> userId;  // of the owner; empty if the kernel does not say
};

using NetworkEntry = std::variant<InterfaceEntry, NeighbourEntry, SocketEntry>;

struct NetworkQuery {
  bool interfaces = false;
  bool neighbours = false;
  bool tcpListening = false;
  bool tcpConnected = false;  // every state but LISTEN
  bool udp = false;
  bool raw = false;
  bool packet = false;
  bool unixDomain = false;
  bool everyNamespace = false;
};

// Reasons for skipped parts; the names are those of the receipt.
struct NetworkSkips {
  uint64_t noPermission = 0;
  uint64_t changedWhileRead = 0;
  uint64_t readError = 0;
  uint64_t unsupported = 0;
};

struct NetworkSummary {
  uint64_t namespaces = 0;
  uint64_t interfaces = 0;
  uint64_t neighbours = 0;
  uint64_t sockets = 0;
  NetworkSkips skips;
  std::vector<std::string> errors;
};

// The stop flag and the CPU budget of the work.
struct WorkControl {
  WorkControl(unsigned cpuPercent, const std::atomic<bool>& stopped) : stop(stopped), budget(cpuPercent) {}
  // False when the work must end.
  bool mayContinue() {
    budget.pause(stop);
    return !stop.load(std::memory_order_relaxed);
  }
  const std::atomic<bool>& stop;
  CpuBudget budget;
};

// Receives entries as they are found.
class NetworkSink {
 public:
  virtual ~NetworkSink() = default;
  // `networkNamespace` is the inode of the namespace, as in /proc/PID/ns/net.
  virtual void add(uint64_t networkNamespace, NetworkEntry entry) = 0;
};

// With all namespaces, only the calling thread moves through them.
NetworkSummary readNetwork(const NetworkQuery& query, WorkControl& control, NetworkSink& sink);

}  // namespace mig
