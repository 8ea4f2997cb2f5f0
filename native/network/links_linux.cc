#include <linux/neighbour.h>

#include <cerrno>
#include <functional>

#include "network/address_text.h"
#include "network/links.h"
#include "network/netlink.h"
#include "text/escape.h"

namespace mig {

namespace {

// A table that changed during the read is read again; after these attempts it is taken as it is.
constexpr int kAttempts = 3;

std::string withoutTerminator(std::string_view text) { return escapeBytes(text.substr(0, text.find('\0'))); }

void takeLink(const nlmsghdr& message, InterfacesByIndex& interfaces) {
  const auto* link = fixedPart<ifinfomsg>(message);
  if (message.nlmsg_type != RTM_NEWLINK || link == nullptr) return;
  const Attributes attributes(message, sizeof(ifinfomsg));
  InterfaceEntry& entry = interfaces[static_cast<uint32_t>(link->ifi_index)];
  entry.name = withoutTerminator(attributes.find(IFLA_IFNAME));
  entry.mac = macText(attributes.find(IFLA_ADDRESS));
}

void takeAddress(const nlmsghdr& message, InterfacesByIndex& interfaces) {
  const auto* address = fixedPart<ifaddrmsg>(message);
  if (message.nlmsg_type != RTM_NEWADDR || address == nullptr) return;
  const auto owner = interfaces.find(address->ifa_index);
  if (owner == interfaces.end()) return;
  const Attributes attributes(message, sizeof(ifaddrmsg));
  // On a point-to-point interface IFA_ADDRESS is the remote end.
  const std::string_view local = attributes.find(IFA_LOCAL);
  const std::string text = addressText(local.empty() ? attributes.find(IFA_ADDRESS) : local);
  if (!text.empty()) owner->second.addresses.push_back(text);
}

// Null for states without a real neighbour: multicast and other fixed mappings.
const char* neighbourState(uint16_t state) {
  if ((state & NUD_NOARP) != 0) return nullptr;
  if ((state & NUD_PERMANENT) != 0) return "PERMANENT";
  if ((state & NUD_REACHABLE) != 0) return "REACHABLE";
  if ((state & NUD_STALE) != 0) return "STALE";
  if ((state & NUD_DELAY) != 0) return "DELAY";
  if ((state & NUD_PROBE) != 0) return "PROBE";
  if ((state & NUD_INCOMPLETE) != 0) return "INCOMPLETE";
  if ((state & NUD_FAILED) != 0) return "FAILED";
  return "NONE";
}

void takeNeighbour(const nlmsghdr& message, const InterfacesByIndex& interfaces, std::vector<NeighbourEntry>& neighbours) {
  const auto* neighbour = fixedPart<ndmsg>(message);
  if (message.nlmsg_type != RTM_NEWNEIGH || neighbour == nullptr) return;
  const char* state = neighbourState(neighbour->ndm_state);
  const Attributes attributes(message, sizeof(ndmsg));
  std::string address = addressText(attributes.find(NDA_DST));
  if (state == nullptr || address.empty()) return;
  neighbours.push_back({interfaceName(interfaces, static_cast<uint32_t>(neighbour->ndm_ifindex)), std::move(address),
                        macText(attributes.find(NDA_LLADDR)), state});
}

int repeatWhileChanging(const std::function<int()>& read) {
  int error = read();
  for (int attempt = 1; attempt < kAttempts && error == EINTR; attempt += 1) error = read();
  return error;
}

}  // namespace

std::string interfaceName(const InterfacesByIndex& interfaces, uint32_t index) {
  const auto found = interfaces.find(index);
  return found == interfaces.end() ? "#" + std::to_string(index) : found->second.name;
}

int readInterfaces(const std::atomic<bool>& stop, InterfacesByIndex& interfaces) {
  return repeatWhileChanging([&] {
    Netlink netlink;
    if (const int error = netlink.open(NETLINK_ROUTE); error != 0) return error;
    interfaces.clear();
    const int linkError = netlink.dump(RTM_GETLINK, ifinfomsg{}, stop, [&](const nlmsghdr& message) { takeLink(message, interfaces); });
    if (linkError != 0 && linkError != EINTR) return linkError;
    const int addressError = netlink.dump(RTM_GETADDR, ifaddrmsg{}, stop, [&](const nlmsghdr& message) { takeAddress(message, interfaces); });
    return addressError != 0 ? addressError : linkError;
  });
}

int readNeighbours(const std::atomic<bool>& stop, const InterfacesByIndex& interfaces, std::vector<NeighbourEntry>& neighbours) {
  return repeatWhileChanging([&] {
    Netlink netlink;
    if (const int error = netlink.open(NETLINK_ROUTE); error != 0) return error;
    neighbours.clear();
    return netlink.dump(RTM_GETNEIGH, ndmsg{}, stop, [&](const nlmsghdr& message) { takeNeighbour(message, interfaces, neighbours); });
  });
}

}  // namespace mig
