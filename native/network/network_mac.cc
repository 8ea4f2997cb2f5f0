// macOS: interfaces by getifaddrs(3), neighbours by route(4), sockets process by process. There are no network
// namespaces, and the system does not list sockets below IP.
#include "network/network.h"

#include <ifaddrs.h>
#include <libproc.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/sysctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <unordered_set>

#include "fs/fs.h"
#include "network/address_text.h"
#include "proc/facts.h"
#include "text/escape.h"

namespace mig {

namespace {

constexpr int kAttempts = 4;

std::string_view bytesOf(const void* at, size_t count) { return {static_cast<const char*>(at), count}; }

std::string socketAddressText(const sockaddr* address) {
  if (address->sa_family == AF_INET) return addressText(bytesOf(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr, 4));
  if (address->sa_family != AF_INET6) return "";
  in6_addr bytes = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  // The kernel stores the interface in the second word of a local address.
  if (IN6_IS_ADDR_LINKLOCAL(&bytes)) bytes.s6_addr[2] = bytes.s6_addr[3] = 0;
  return addressText(bytesOf(&bytes, 16));
}

std::string hardwareText(const sockaddr* address) {
  const auto* link = reinterpret_cast<const sockaddr_dl*>(address);
  return macText(bytesOf(LLADDR(link), link->sdl_alen));
}

// TSI_S_* of sys/proc_info.h.
const char* stateName(int state) {
  static const char* const names[] = {"CLOSE",     "LISTEN",  "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "CLOSE_WAIT",
                                      "FIN_WAIT1", "CLOSING", "LAST_ACK", "FIN_WAIT2", "TIME_WAIT"};
  return state >= 0 && static_cast<size_t>(state) < std::size(names) ? names[state] : "UNKNOWN";
}

void setAddresses(const in_sockinfo& info, SocketEntry& entry) {
  const bool isIpv4 = (info.insi_vflag & INI_IPV4) != 0;
  const auto text = [&](const auto& address) {
    return isIpv4 ? addressText(bytesOf(&address.ina_46.i46a_addr4, 4)) : addressText(bytesOf(&address.ina_6, 16));
  };
  entry.localAddress = text(info.insi_laddr);
  entry.remoteAddress = text(info.insi_faddr);
  entry.localPort = ntohs(static_cast<uint16_t>(info.insi_lport));
  entry.remotePort = ntohs(static_cast<uint16_t>(info.insi_fport));
}

class Reader {
 public:
  Reader(const NetworkQuery& query, WorkControl& control, NetworkSink& sink) : query_(query), control_(control), sink_(sink) {}

  NetworkSummary read() {
    summary_.namespaces = 1;
    if (query_.interfaces) note("interfaces", readInterfaces());
    if (query_.neighbours) {
      note("neighbours", readNeighbours(AF_INET));
      note("neighbours", readNeighbours(AF_INET6));
    }
    if (query_.tcpListening || query_.tcpConnected || query_.udp || query_.raw || query_.unixDomain) note("sockets", readSockets());
    if (query_.packet) noteUnsupported("sockets below IP");
    if (query_.everyNamespace) noteUnsupported("network namespaces");
    return std::move(summary_);
  }

 private:
  int readInterfaces() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return errno;
    std::map<std::string, InterfaceEntry> entries;
    for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
      InterfaceEntry& entry = entries[at->ifa_name];
      if (at->ifa_addr == nullptr) continue;
      if (at->ifa_addr->sa_family == AF_LINK) entry.mac = hardwareText(at->ifa_addr);
      std::string text = socketAddressText(at->ifa_addr);
      if (!text.empty()) entry.addresses.push_back(std::move(text));
    }
    freeifaddrs(first);
    summary_.interfaces = entries.size();
    for (auto& [name, entry] : entries) {
      entry.name = escapeBytes(name);
      sink_.add(0, std::move(entry));
    }
    return 0;
  }

  // Messages with a destination followed by its hardware address.
  int readNeighbours(int family) {
    int name[] = {CTL_NET, PF_ROUTE, 0, family, NET_RT_FLAGS, RTF_LLINFO};
    std::vector<char> buffer;
    size_t bytes = 0;
    for (int attempt = 0;; attempt += 1) {
      if (sysctl(name, 6, nullptr, &bytes, nullptr, 0) != 0) return errno;
      if (bytes == 0) return 0;
      bytes += bytes / 4;
      buffer.resize(bytes);
      if (sysctl(name, 6, buffer.data(), &bytes, nullptr, 0) == 0) break;
      if (errno != ENOMEM || attempt == kAttempts) return errno;
    }
    for (size_t at = 0; at + sizeof(rt_msghdr) <= bytes;) {
      const auto* message = reinterpret_cast<const rt_msghdr*>(&buffer[at]);
      if (message->rtm_msglen < sizeof(rt_msghdr) || message->rtm_msglen > bytes - at) break;
      takeNeighbour(*message);
      at += message->rtm_msglen;
    }
    return 0;
  }

  void takeNeighbour(const rt_msghdr& message) {
    const auto* destination = reinterpret_cast<const sockaddr*>(&message + 1);
    // Each address takes a multiple of four bytes.
    const size_t destinationBytes = (std::max<size_t>(destination->sa_len, 1) + 3) & ~size_t{3};
    const auto* gateway = reinterpret_cast<const sockaddr*>(reinterpret_cast<const char*>(destination) + destinationBytes);
    const char* end = reinterpret_cast<const char*>(&message) + message.rtm_msglen;
    if (reinterpret_cast<const char*>(gateway) + sizeof(sockaddr_dl) > end || gateway->sa_family != AF_LINK) return;
    char name[IF_NAMESIZE] = "";
    const unsigned index = reinterpret_cast<const sockaddr_dl*>(gateway)->sdl_index;
    const bool isNamed = if_indextoname(index, name) != nullptr;
    NeighbourEntry entry{isNamed ? escapeBytes(name) : "#" + std::to_string(index), socketAddressText(destination), hardwareText(gateway), "REACHABLE"};
    if (entry.mac.empty()) entry.state = "INCOMPLETE";
    // Multicast groups are not neighbours.
    const bool isGroup = !entry.mac.empty() && (LLADDR(reinterpret_cast<const sockaddr_dl*>(gateway))[0] & 1) != 0;
    if (entry.address.empty() || isGroup) return;
    summary_.neighbours += 1;
    sink_.add(0, std::move(entry));
  }

  int readSockets() {
    std::vector<int> pids;
    if (const int error = proc::listProcesses(pids)) return error;
    uint64_t hidden = 0;
    for (const int pid : pids) {
      if (!control_.mayContinue()) return ECANCELED;
      const int error = readSocketsOf(pid);
      if (error == EPERM || error == EACCES) hidden += 1;
    }
    if (hidden > 0) {
      summary_.skips.noPermission += hidden;
      summary_.errors.push_back("only root can see the sockets of " + std::to_string(hidden) + " processes");
    }
    return 0;
  }

  int readSocketsOf(int pid) {
    const int bytes = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, nullptr, 0);
    if (bytes <= 0) return errno;
    std::vector<proc_fdinfo> descriptors(static_cast<size_t>(bytes) / sizeof(proc_fdinfo));
    const int got = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, descriptors.data(), static_cast<int>(descriptors.size() * sizeof(proc_fdinfo)));
    if (got <= 0) return errno;
    descriptors.resize(static_cast<size_t>(got) / sizeof(proc_fdinfo));
    for (const proc_fdinfo& descriptor : descriptors) {
      if (descriptor.proc_fdtype != PROX_FDTYPE_SOCKET) continue;
      if (!control_.mayContinue()) return ECANCELED;
      socket_fdinfo info{};
      if (proc_pidfdinfo(pid, descriptor.proc_fd, PROC_PIDFDSOCKETINFO, &info, sizeof info) == static_cast<int>(sizeof info)) takeSocket(pid, info.psi);
    }
    return 0;
  }

  void takeSocket(int pid, const socket_info& info) {
    SocketEntry entry;
    if (!toEntry(info, entry)) return;
    // A process may hold a socket more than once, after dup(2).
    if (info.soi_so != 0 && !seen_.insert({pid, info.soi_so}).second) return;
    entry.inode = static_cast<uint64_t>(pid);
    summary_.sockets += 1;
    sink_.add(0, std::move(entry));
  }

  // False for kinds that were not requested.
  bool toEntry(const socket_info& info, SocketEntry& entry) const {
    if (info.soi_kind == SOCKINFO_TCP) {
      const tcp_sockinfo& tcp = info.soi_proto.pri_tcp;
      setAddresses(tcp.tcpsi_ini, entry);
      entry.state = stateName(tcp.tcpsi_state);
      return tcp.tcpsi_state == TSI_S_LISTEN ? query_.tcpListening : query_.tcpConnected;
    }
    if (info.soi_kind == SOCKINFO_IN) {
      setAddresses(info.soi_proto.pri_in, entry);
      const bool isUdp = info.soi_type == SOCK_DGRAM;
      entry.protocol = isUdp ? SocketProtocol::udp : SocketProtocol::raw;
      entry.state = entry.remotePort == 0 ? "UNCONNECTED" : "ESTABLISHED";
      if (!isUdp) entry.number = static_cast<uint16_t>(info.soi_protocol);
      return isUdp ? query_.udp : query_.raw && info.soi_type == SOCK_RAW;
    }
    if (info.soi_kind != SOCKINFO_UN || !query_.unixDomain) return false;
    const un_sockinfo& local = info.soi_proto.pri_un;
    entry.protocol = SocketProtocol::unixDomain;
    entry.state = (info.soi_options & SO_ACCEPTCONN) != 0 ? "LISTEN" : local.unsi_conn_so != 0 ? "ESTABLISHED" : "UNCONNECTED";
    const sockaddr_un& address = local.unsi_addr.ua_sun;
    if (address.sun_family == AF_UNIX) entry.path.assign(address.sun_path, strnlen(address.sun_path, sizeof address.sun_path));
    return true;
  }

  void note(const char* what, int error) {
    if (error == 0 || error == ECANCELED) return;
    if (error == EACCES || error == EPERM) summary_.skips.noPermission += 1;
    else summary_.skips.readError += 1;
    summary_.errors.push_back(std::string(what) + ": " + fs::describeError(error));
  }

  void noteUnsupported(const char* what) {
    summary_.skips.unsupported += 1;
    summary_.errors.push_back(std::string(what) + ": this system has none or does not list them");
  }

  struct Key {
    int pid;
    uint64_t socket;
    bool operator==(const Key& other) const { return pid == other.pid && socket == other.socket; }
  };
  struct KeyHash {
    size_t operator()(const Key& key) const { return key.socket * 0x9e3779b97f4a7c15u ^ static_cast<size_t>(key.pid); }
  };

  const NetworkQuery& query_;
  WorkControl& control_;
  NetworkSink& sink_;
  NetworkSummary summary_;
  std::unordered_set<Key, KeyHash> seen_;
};

}  // namespace

NetworkSummary readNetwork(const NetworkQuery& query, WorkControl& control, NetworkSink& sink) { return Reader(query, control, sink).read(); }

}  // namespace mig
