// The socket tables of the calling thread's network namespace.
#pragma once

#include <functional>

#include "network/links.h"
#include "network/network.h"

namespace mig {

enum class SocketTable : uint8_t { tcp4, tcp6, udp4, udp6, raw4, raw6, packet, unixDomain };

using TakeSocket = std::function<void(SocketEntry)>;

// By sock_diag(7). Returns 0 or an errno value; ENOENT, EINVAL or EOPNOTSUPP when the kernel does not have the table
// there.
int dumpSockets(SocketTable table, const NetworkQuery& query, const InterfacesByIndex& interfaces, const std::atomic<bool>& stop,
                const TakeSocket& take);

// The same from the text files in /proc/thread-self/net (proc_pid_net(5)), for kernels without sock_diag or a part of
// it.
int readProcSockets(SocketTable table, const NetworkQuery& query, const InterfacesByIndex& interfaces, const std::atomic<bool>& stop,
                    const TakeSocket& take);

// "tcp", "tcp6" and so on: the file names in /proc/net.
const char* tableName(SocketTable table);
SocketProtocol tableProtocol(SocketTable table);

// The text for the kernel's state number (include/net/tcp_states.h), which all protocols use; "UNKNOWN" for others.
const char* socketStateName(SocketProtocol protocol, unsigned state);

constexpr unsigned kTcpEstablished = 1;
constexpr unsigned kTcpListen = 10;

}  // namespace mig
