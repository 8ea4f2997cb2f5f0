// A netlink socket for reading whole tables (dumps), in the network namespace of the thread that opened it.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig {

// The attributes after a message's fixed part; a view that is valid as long as the message.
class Attributes {
 public:
  Attributes(const nlmsghdr& message, size_t fixedBytes);
  // The value of the first attribute of a type; empty when it is missing.
  std::string_view find(unsigned type) const;
  // Zero when it is missing or too short.
  uint32_t findUint32(unsigned type) const;

 private:
  const rtattr* first_ = nullptr;
  size_t bytes_ = 0;
};

// The fixed part of a message; null when the message is too short.
template <typename Fixed>
const Fixed* fixedPart(const nlmsghdr& message) {
  return message.nlmsg_len >= NLMSG_LENGTH(sizeof(Fixed)) ? static_cast<const Fixed*>(NLMSG_DATA(&message)) : nullptr;
}

class Netlink {
 public:
  // 0 or an errno value.
  int open(int protocol);

  // Requests a dump and passes on each message of the answer until `stop` is set. Returns 0 or an errno value: EINTR
  // when the table changed meanwhile, so the answer may have gaps; ENOENT, EOPNOTSUPP or EINVAL when the kernel does
  // not have the table; ECANCELED when stopped.
  template <typename Fixed>
  int dump(uint16_t type, const Fixed& fixed, const std::atomic<bool>& stop, const std::function<void(const nlmsghdr&)>& take) {
    return dumpBytes(type, &fixed, sizeof(fixed), stop, take);
  }

 private:
  int dumpBytes(uint16_t type, const void* fixed, size_t fixedBytes, const std::atomic<bool>& stop,
                const std::function<void(const nlmsghdr&)>& take);
  int send(uint16_t type, const void* fixed, size_t fixedBytes);

  fs::Descriptor socket_;
  std::vector<char> buffer_;
  uint32_t sequence_ = 0;
};

}  // namespace mig
