#include "network/sockets.h"

#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>

#include <cerrno>

#include "network/address_text.h"
#include "network/netlink.h"

namespace mig {

namespace {

// Missing in the headers of some build hosts.
constexpr uint32_t kUnixShowUserId = 0x40;
constexpr unsigned kUnixUserId = 7;
constexpr uint32_t kAllStates = 0xffffffff;
constexpr uint32_t kListenState = 1u << kTcpListen;

uint32_t wantedStates(SocketProtocol protocol, const NetworkQuery& query) {
  if (protocol != SocketProtocol::tcp) return kAllStates;
  return (query.tcpListening ? kListenState : 0) | (query.tcpConnected ? kAllStates & ~kListenState : 0);
}

uint8_t protocolNumber(SocketProtocol protocol) {
  if (protocol == SocketProtocol::tcp) return IPPROTO_TCP;
  return protocol == SocketProtocol::udp ? IPPROTO_UDP : IPPROTO_RAW;
}

std::string_view addressBytes(uint8_t family, const __be32 (&words)[4]) {
  return {reinterpret_cast<const char*>(words), family == AF_INET6 ? sizeof(words) : sizeof(words[0])};
}

int dumpInternet(Netlink& netlink, uint8_t family, SocketProtocol protocol, const NetworkQuery& query, const std::atomic<bool>& stop,
                 const TakeSocket& take) {
  inet_diag_req_v2 request{};
  request.sdiag_family = family;
  request.sdiag_protocol = protocolNumber(protocol);
  request.idiag_states = wantedStates(protocol, query);
  return netlink.dump(SOCK_DIAG_BY_FAMILY, request, stop, [&](const nlmsghdr& message) {
    const auto* answer = fixedPart<inet_diag_msg>(message);
    if (answer == nullptr) return;
    SocketEntry entry;
    entry.protocol = protocol;
    entry.state = socketStateName(protocol, answer->idiag_state);
    entry.localAddress = addressText(addressBytes(answer->idiag_family, answer->id.idiag_src));
    entry.remoteAddress = addressText(addressBytes(answer->idiag_family, answer->id.idiag_dst));
    const uint16_t localPort = ntohs(answer->id.idiag_sport);
    // Raw sockets have their protocol in the port field.
    if (protocol == SocketProtocol::raw) {
      entry.number = localPort;
    } else {
      entry.localPort = localPort;
      entry.remotePort = ntohs(answer->id.idiag_dport);
    }
    entry.inode = answer->idiag_inode;
    // For a socket without a holder the kernel reports uid 0, which would be root.
    if (entry.inode != 0) entry.userId = answer->idiag_uid;
    take(std::move(entry));
  });
}

int dumpUnix(Netlink& netlink, const std::atomic<bool>& stop, const TakeSocket& take) {
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = kAllStates;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | kUnixShowUserId;
  return netlink.dump(SOCK_DIAG_BY_FAMILY, request, stop, [&](const nlmsghdr& message) {
    const auto* answer = fixedPart<unix_diag_msg>(message);
    if (answer == nullptr) return;
    const Attributes attributes(message, sizeof(unix_diag_msg));
    SocketEntry entry;
    entry.protocol = SocketProtocol::unixDomain;
    entry.state = socketStateName(entry.protocol, answer->udiag_state);
    entry.path = attributes.find(UNIX_DIAG_NAME);
    if (!entry.path.empty() && entry.path.front() == '\0') entry.path.front() = '@';
    else entry.path.resize(std::min(entry.path.size(), entry.path.find('\0')));
    entry.inode = answer->udiag_ino;
    entry.peerInode = attributes.findUint32(UNIX_DIAG_PEER);
    if (!attributes.find(kUnixUserId).empty()) entry.userId = attributes.findUint32(kUnixUserId);
    take(std::move(entry));
  });
}

int dumpPacket(Netlink& netlink, const InterfacesByIndex& interfaces, const std::atomic<bool>& stop, const TakeSocket& take) {
  packet_diag_req request{};
  request.sdiag_family = AF_PACKET;
  request.pdiag_show = PACKET_SHOW_INFO;
  return netlink.dump(SOCK_DIAG_BY_FAMILY, request, stop, [&](const nlmsghdr& message) {
    const auto* answer = fixedPart<packet_diag_msg>(message);
    if (answer == nullptr) return;
    const Attributes attributes(message, sizeof(packet_diag_msg));
    SocketEntry entry;
    entry.protocol = SocketProtocol::packet;
    entry.state = socketStateName(entry.protocol, 0);
    entry.number = answer->pdiag_num;
    entry.inode = answer->pdiag_ino;
    if (!attributes.find(PACKET_DIAG_UID).empty()) entry.userId = attributes.findUint32(PACKET_DIAG_UID);
    const std::string_view info = attributes.find(PACKET_DIAG_INFO);
    if (info.size() >= sizeof(packet_diag_info)) {
      // Index 0: all interfaces.
      const uint32_t index = reinterpret_cast<const packet_diag_info*>(info.data())->pdi_index;
      if (index != 0) entry.interfaceName = interfaceName(interfaces, index);
    }
    take(std::move(entry));
  });
}

}  // namespace

const char* tableName(SocketTable table) {
  switch (table) {
    case SocketTable::tcp4: return "tcp";
    case SocketTable::tcp6: return "tcp6";
    case SocketTable::udp4: return "udp";
    case SocketTable::udp6: return "udp6";
    case SocketTable::raw4: return "raw";
    case SocketTable::raw6: return "raw6";
    case SocketTable::packet: return "packet";
    case SocketTable::unixDomain: return "unix";
  }
  return "";
}

SocketProtocol tableProtocol(SocketTable table) {
  switch (table) {
    case SocketTable::tcp4:
    case SocketTable::tcp6: return SocketProtocol::tcp;
    case SocketTable::udp4:
    case SocketTable::udp6: return SocketProtocol::udp;
    case SocketTable::raw4:
    case SocketTable::raw6: return SocketProtocol::raw;
    case SocketTable::packet: return SocketProtocol::packet;
    case SocketTable::unixDomain: return SocketProtocol::unixDomain;
  }
  return SocketProtocol::tcp;
}

const char* socketStateName(SocketProtocol protocol, unsigned state) {
  static const char* const names[] = {"UNKNOWN",    "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
                                      "CLOSE",      "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "SYN_RECV"};
  // Other protocols reuse TCP's state numbers; only these have a meaning there.
  if (protocol != SocketProtocol::tcp && state != kTcpEstablished && state != kTcpListen) return "UNCONNECTED";
  return state < std::size(names) ? names[state] : names[0];
}

int dumpSockets(SocketTable table, const NetworkQuery& query, const InterfacesByIndex& interfaces, const std::atomic<bool>& stop,
                const TakeSocket& take) {
  Netlink netlink;
  if (const int error = netlink.open(NETLINK_SOCK_DIAG); error != 0) return error;
  switch (table) {
    case SocketTable::tcp4:
    case SocketTable::udp4:
    case SocketTable::raw4: return dumpInternet(netlink, AF_INET, tableProtocol(table), query, stop, take);
    case SocketTable::tcp6:
    case SocketTable::udp6:
    case SocketTable::raw6: return dumpInternet(netlink, AF_INET6, tableProtocol(table), query, stop, take);
    case SocketTable::packet: return dumpPacket(netlink, interfaces, stop, take);
    case SocketTable::unixDomain: return dumpUnix(netlink, stop, take);
  }
  return EINVAL;
}

}  // namespace mig
