// Windows: the tables of the IP Helper library. There are no network namespaces, and the system lists neither raw nor
// unix sockets.
#include "network/network.h"

#include "platform/windows.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <uv.h>
#include <ws2tcpip.h>

#include <algorithm>
#include <functional>
#include <map>

#include "fs/fs_win.h"
#include "fs/path_text.h"
#include "network/address_text.h"
#include "text/wide_win.h"

namespace mig {

namespace {

// A table may grow between the calls; after so many attempts it counts as unreadable.
constexpr int kAttempts = 8;

using NamesByIndex = std::map<uint32_t, std::string>;

// `ask` fills a buffer whose size is in its second parameter, and stores the needed size there.
DWORD readTable(const std::function<DWORD(void*, DWORD*)>& ask, std::vector<char>& buffer) {
  DWORD bytes = 32 << 10;
  DWORD result = ERROR_INSUFFICIENT_BUFFER;
  for (int attempt = 0; attempt < kAttempts; attempt += 1) {
    buffer.resize(bytes);
    result = ask(buffer.data(), &bytes);
    if (result != ERROR_INSUFFICIENT_BUFFER && result != ERROR_BUFFER_OVERFLOW) break;
    bytes += bytes / 4;
  }
  return result;
}

std::string_view bytesOf(const void* at, size_t count) { return {static_cast<const char*>(at), count}; }

std::string socketAddressText(const SOCKADDR* address) {
  if (address == nullptr) return "";
  if (address->sa_family == AF_INET) return addressText(bytesOf(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr, 4));
  if (address->sa_family == AF_INET6) return addressText(bytesOf(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, 16));
  return "";
}

// These entries have no real neighbour.
bool isMulticast(const SOCKADDR_INET& address) {
  if (address.si_family == AF_INET6) return address.Ipv6.sin6_addr.u.Byte[0] == 0xff;
  return address.Ipv4.sin_addr.S_un.S_un_b.s_b1 >= 224;
}

// The lower 16 bits, in network order.
uint16_t portOf(DWORD port) { return static_cast<uint16_t>((port & 0xff) << 8 | (port >> 8 & 0xff)); }

// MIB_TCP_STATE of tcpmib.h.
const char* stateName(DWORD state) {
  static const char* const names[] = {"UNKNOWN",   "CLOSE",      "LISTEN",  "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT1",
                                      "FIN_WAIT2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT", "CLOSE"};
  return state < std::size(names) ? names[state] : names[0];
}

const char* stateName(NL_NEIGHBOR_STATE state) {
  switch (state) {
    case NlnsUnreachable: return "FAILED";
    case NlnsIncomplete: return "INCOMPLETE";
    case NlnsProbe: return "PROBE";
    case NlnsDelay: return "DELAY";
    case NlnsStale: return "STALE";
    case NlnsReachable: return "REACHABLE";
    case NlnsPermanent: return "PERMANENT";
    default: return "NONE";
  }
}

SocketEntry toSocket(const MIB_TCPROW_OWNER_PID& row) {
  SocketEntry entry;
  entry.state = stateName(row.dwState);
  entry.localAddress = addressText(bytesOf(&row.dwLocalAddr, 4));
  entry.localPort = portOf(row.dwLocalPort);
  entry.remoteAddress = addressText(bytesOf(&row.dwRemoteAddr, 4));
  entry.remotePort = row.dwState == MIB_TCP_STATE_LISTEN ? uint16_t{0} : portOf(row.dwRemotePort);
  entry.inode = row.dwOwningPid;
  return entry;
}

SocketEntry toSocket(const MIB_TCP6ROW_OWNER_PID& row) {
  SocketEntry entry;
  entry.state = stateName(row.dwState);
  entry.localAddress = addressText(bytesOf(row.ucLocalAddr, 16));
  entry.localPort = portOf(row.dwLocalPort);
  entry.remoteAddress = addressText(bytesOf(row.ucRemoteAddr, 16));
  entry.remotePort = row.dwState == MIB_TCP_STATE_LISTEN ? uint16_t{0} : portOf(row.dwRemotePort);
  entry.inode = row.dwOwningPid;
  return entry;
}

// The system does not tell the remote end of a UDP socket.
SocketEntry toUdpSocket(std::string_view address, DWORD port, DWORD pid) {
  SocketEntry entry;
  entry.protocol = SocketProtocol::udp;
  entry.state = "UNCONNECTED";
  entry.localAddress = addressText(address);
  entry.localPort = portOf(port);
  entry.inode = pid;
  return entry;
}

SocketEntry toSocket(const MIB_UDPROW_OWNER_PID& row) { return toUdpSocket(bytesOf(&row.dwLocalAddr, 4), row.dwLocalPort, row.dwOwningPid); }
SocketEntry toSocket(const MIB_UDP6ROW_OWNER_PID& row) { return toUdpSocket(bytesOf(row.ucLocalAddr, 16), row.dwLocalPort, row.dwOwningPid); }

class Reader {
 public:
  Reader(const NetworkQuery& query, WorkControl& control, NetworkSink& sink) : query_(query), control_(control), sink_(sink) {}

  NetworkSummary read() {
    summary_.namespaces = 1;
    if (query_.interfaces || query_.neighbours) note("interfaces", readInterfaces());
    if (query_.neighbours) {
      note("neighbours", readNeighbours(AF_INET));
      note("neighbours", readNeighbours(AF_INET6));
    }
    if (query_.tcpListening || query_.tcpConnected) {
      note("tcp sockets", readTcp<MIB_TCPTABLE_OWNER_PID>(AF_INET));
      note("tcp6 sockets", readTcp<MIB_TCP6TABLE_OWNER_PID>(AF_INET6));
    }
    if (query_.udp) {
      note("udp sockets", readUdp<MIB_UDPTABLE_OWNER_PID>(AF_INET));
      note("udp6 sockets", readUdp<MIB_UDP6TABLE_OWNER_PID>(AF_INET6));
    }
    if (query_.raw || query_.packet) noteUnsupported("raw sockets");
    if (query_.unixDomain) noteUnsupported("unix sockets");
    if (query_.everyNamespace) noteUnsupported("network namespaces");
    return std::move(summary_);
  }

 private:
  DWORD readInterfaces() {
    std::vector<char> buffer;
    constexpr ULONG kFlags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    const DWORD result = readTable(
        [](void* at, DWORD* bytes) { return GetAdaptersAddresses(AF_UNSPEC, kFlags, nullptr, static_cast<IP_ADAPTER_ADDRESSES*>(at), bytes); }, buffer);
    if (result != ERROR_SUCCESS) return result == ERROR_NO_DATA ? ERROR_SUCCESS : result;
    for (const auto* adapter = reinterpret_cast<const IP_ADAPTER_ADDRESSES*>(buffer.data()); adapter != nullptr; adapter = adapter->Next) {
      InterfaceEntry entry;
      entry.name = fs::systemText(fromWide(adapter->FriendlyName));
      entry.mac = macText(bytesOf(adapter->PhysicalAddress, adapter->PhysicalAddressLength));
      for (const auto* address = adapter->FirstUnicastAddress; address != nullptr; address = address->Next) {
        std::string text = socketAddressText(address->Address.lpSockaddr);
        if (!text.empty()) entry.addresses.push_back(std::move(text));
      }
      names_[adapter->IfIndex != 0 ? adapter->IfIndex : adapter->Ipv6IfIndex] = entry.name;
      if (!query_.interfaces) continue;
      summary_.interfaces += 1;
      sink_.add(0, std::move(entry));
    }
    return ERROR_SUCCESS;
  }

  DWORD readNeighbours(ADDRESS_FAMILY family) {
    MIB_IPNET_TABLE2* table = nullptr;
    const DWORD result = GetIpNetTable2(family, &table);
    if (result != ERROR_SUCCESS) return result == ERROR_NOT_FOUND ? ERROR_SUCCESS : result;
    for (ULONG index = 0; index < table->NumEntries && control_.mayContinue(); index += 1) {
      const MIB_IPNET_ROW2& row = table->Table[index];
      const size_t macBytes = std::min<size_t>(row.PhysicalAddressLength, sizeof row.PhysicalAddress);
      const auto name = names_.find(row.InterfaceIndex);
      NeighbourEntry entry{name == names_.end() ? "#" + std::to_string(row.InterfaceIndex) : name->second,
                           socketAddressText(reinterpret_cast<const SOCKADDR*>(&row.Address)), macText(bytesOf(row.PhysicalAddress, macBytes)),
                           stateName(row.State)};
      const bool isGroup = macBytes > 0 && (row.PhysicalAddress[0] & 1) != 0;
      if (entry.address.empty() || isGroup || isMulticast(row.Address)) continue;
      summary_.neighbours += 1;
      sink_.add(0, std::move(entry));
    }
    FreeMibTable(table);
    return ERROR_SUCCESS;
  }

  template <typename Table>
  DWORD readTcp(ULONG family) {
    return readSockets<Table>([family](void* at, DWORD* bytes) { return GetExtendedTcpTable(at, bytes, FALSE, family, TCP_TABLE_OWNER_PID_ALL, 0); });
  }

  template <typename Table>
  DWORD readUdp(ULONG family) {
    return readSockets<Table>([family](void* at, DWORD* bytes) { return GetExtendedUdpTable(at, bytes, FALSE, family, UDP_TABLE_OWNER_PID, 0); });
  }

  template <typename Table>
  DWORD readSockets(const std::function<DWORD(void*, DWORD*)>& ask) {
    std::vector<char> buffer;
    if (const DWORD result = readTable(ask, buffer); result != ERROR_SUCCESS) return result;
    const auto* table = reinterpret_cast<const Table*>(buffer.data());
    for (DWORD index = 0; index < table->dwNumEntries && control_.mayContinue(); index += 1) {
      SocketEntry entry = toSocket(table->table[index]);
      if (!isWanted(entry)) continue;
      summary_.sockets += 1;
      sink_.add(0, std::move(entry));
    }
    return ERROR_SUCCESS;
  }

  bool isWanted(const SocketEntry& entry) const {
    if (entry.protocol != SocketProtocol::tcp) return true;
    return std::string_view(entry.state) == "LISTEN" ? query_.tcpListening : query_.tcpConnected;
  }

  void note(const char* what, DWORD result) {
    if (result == ERROR_SUCCESS) return;
    // Without the protocol there are no such sockets.
    if (result == ERROR_NOT_SUPPORTED) return noteUnsupported(what);
    if (result == ERROR_ACCESS_DENIED) summary_.skips.noPermission += 1;
    else summary_.skips.readError += 1;
    summary_.errors.push_back(std::string(what) + ": " + fs::describeError(fs::errorOf(result)));
  }

  void noteUnsupported(const char* what) {
    summary_.skips.unsupported += 1;
    summary_.errors.push_back(std::string(what) + ": this system has none or does not list them");
  }

  const NetworkQuery& query_;
  WorkControl& control_;
  NetworkSink& sink_;
  NetworkSummary summary_;
  NamesByIndex names_;
};

}  // namespace

NetworkSummary readNetwork(const NetworkQuery& query, WorkControl& control, NetworkSink& sink) { return Reader(query, control, sink).read(); }

}  // namespace mig
