#include "network/netlink.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mig {

namespace {

// The kernel splits a dump into messages of at most 32 KiB (netlink_dump in net/netlink/af_netlink.c).
constexpr size_t kBufferBytes = 64 * 1024;
// The kernel answers within the request: the timeout only ends a wait for an answer that will never come.
constexpr timeval kReceiveTimeout{5, 0};

}  // namespace

Attributes::Attributes(const nlmsghdr& message, size_t fixedBytes) {
  const size_t offset = NLMSG_SPACE(fixedBytes);
  if (message.nlmsg_len <= offset) return;
  first_ = reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(&message) + offset);
  bytes_ = message.nlmsg_len - offset;
}

std::string_view Attributes::find(unsigned type) const {
  size_t left = bytes_;
  for (const rtattr* attribute = first_; left >= sizeof(rtattr);) {
    if (attribute->rta_len < sizeof(rtattr) || attribute->rta_len > left) break;
    if ((attribute->rta_type & NLA_TYPE_MASK) == type) {
      return {reinterpret_cast<const char*>(attribute) + RTA_LENGTH(0), attribute->rta_len - RTA_LENGTH(0)};
    }
    const size_t step = RTA_ALIGN(attribute->rta_len);
    if (step >= left) break;
    left -= step;
    attribute = reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(attribute) + step);
  }
  return {};
}

uint32_t Attributes::findUint32(unsigned type) const {
  uint32_t value = 0;
  const std::string_view bytes = find(type);
  if (bytes.size() >= sizeof(value)) memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

int Netlink::open(int protocol) {
  // Direct system calls: a preloaded library that hides sockets replaces the C library's functions.
  socket_ = fs::Descriptor(static_cast<int>(syscall(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)));
  if (!socket_.isOpen()) return errno;
  if (setsockopt(socket_.value(), SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof(kReceiveTimeout)) != 0) return errno;
  buffer_.resize(kBufferBytes);
  return 0;
}

int Netlink::send(uint16_t type, const void* fixed, size_t fixedBytes) {
  std::vector<char> request(NLMSG_SPACE(fixedBytes), 0);
  nlmsghdr header{};
  header.nlmsg_len = static_cast<uint32_t>(NLMSG_LENGTH(fixedBytes));
  header.nlmsg_type = type;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header.nlmsg_seq = ++sequence_;
  memcpy(request.data(), &header, sizeof(header));
  memcpy(request.data() + NLMSG_HDRLEN, fixed, fixedBytes);
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const long sent = syscall(SYS_sendto, socket_.value(), request.data(), header.nlmsg_len, 0, &kernel, sizeof(kernel));
  return sent < 0 ? errno : 0;
}

int Netlink::dumpBytes(uint16_t type, const void* fixed, size_t fixedBytes, const std::atomic<bool>& stop,
                       const std::function<void(const nlmsghdr&)>& take) {
  if (const int error = send(type, fixed, fixedBytes); error != 0) return error;
  bool interrupted = false;
  for (;;) {
    if (stop.load(std::memory_order_relaxed)) return ECANCELED;
    sockaddr_nl sender{};
    iovec vector{buffer_.data(), buffer_.size()};
    msghdr received{};
    received.msg_name = &sender;
    received.msg_namelen = sizeof(sender);
    received.msg_iov = &vector;
    received.msg_iovlen = 1;
    const long bytes = syscall(SYS_recvmsg, socket_.value(), &received, 0);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return errno;
    if (bytes == 0) return EIO;
    if ((received.msg_flags & MSG_TRUNC) != 0) return EMSGSIZE;
    // Other processes may also send to a netlink socket.
    if (sender.nl_pid != 0) continue;
    int left = static_cast<int>(bytes);
    for (auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data()); NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_seq != sequence_) continue;
      if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted = true;
      if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
        // Both types begin with 0 or a negative errno value.
        const int* code = fixedPart<int>(*message);
        if (code != nullptr && *code != 0) return -*code;
        return interrupted ? EINTR : 0;
      }
      take(*message);
    }
  }
}

}  // namespace mig
