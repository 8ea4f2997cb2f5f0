// The socket tables as text, used where sock_diag is missing, such as for raw sockets on many kernels.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "network/address_text.h"
#include "network/sockets.h"
#include "proc/system.h"

namespace mig {

namespace {

// The kernel returns these files page by page.
constexpr size_t kReadBytes = 16 * 1024;
// The flag of a listening socket in /proc/net/unix (__SO_ACCEPTCON in include/linux/net.h).
constexpr unsigned kUnixListens = 1u << 16;
constexpr unsigned kUnixConnected = 3;

// Calls `visit` with each line, without its end, until it returns false (ECANCELED). These files may be large, so they
// are never held as a whole.
int forEachLine(const fs::Descriptor& file, const std::function<bool(std::string_view line)>& visit) {
  std::string text;
  for (;;) {
    const size_t kept = text.size();
    text.resize(kept + kReadBytes);
    const long count = syscall(SYS_read, file.value(), &text[kept], kReadBytes);
    const int error = errno;
    text.resize(kept + static_cast<size_t>(std::max(count, 0L)));
    if (count < 0 && error == EINTR) continue;
    if (count <= 0) return count < 0 ? error : 0;
    size_t start = 0;
    for (size_t end = text.find('\n', kept); end != std::string::npos; end = text.find('\n', start)) {
      if (!visit(std::string_view(text).substr(start, end - start))) return ECANCELED;
      start = end + 1;
    }
    text.erase(0, start);
  }
}

std::vector<std::string_view> splitFields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const size_t start = line.find_first_not_of(' ');
    if (start == std::string_view::npos) return fields;
    line.remove_prefix(start);
    const size_t end = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// 0 for texts that are not a number.
uint64_t toNumber(std::string_view text, int base) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// "0100007F:0016": words of 32 bits in this machine's byte order, then the port.
void parseEndpoint(std::string_view text, std::string& address, uint16_t& port) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return;
  std::string bytes;
  for (size_t offset = 0; offset + 8 <= colon; offset += 8) {
    const auto word = static_cast<uint32_t>(toNumber(text.substr(offset, 8), 16));
    bytes.append(reinterpret_cast<const char*>(&word), sizeof(word));
  }
  address = addressText(bytes);
  port = static_cast<uint16_t>(toNumber(text.substr(colon + 1), 16));
}

bool isWanted(const SocketEntry& entry, unsigned state, const NetworkQuery& query) {
  if (entry.protocol != SocketProtocol::tcp) return true;
  return state == kTcpListen ? query.tcpListening : query.tcpConnected;
}

// sl local_address rem_address st queues timer retrnsmt uid timeout inode
void takeInternet(SocketProtocol protocol, std::string_view line, const NetworkQuery& query, const TakeSocket& take) {
  const auto fields = splitFields(line);
  if (fields.size() < 10) return;
  SocketEntry entry;
  entry.protocol = protocol;
  const auto state = static_cast<unsigned>(toNumber(fields[3], 16));
  entry.state = socketStateName(protocol, state);
  parseEndpoint(fields[1], entry.localAddress, entry.localPort);
  parseEndpoint(fields[2], entry.remoteAddress, entry.remotePort);
  if (protocol == SocketProtocol::raw) {
    entry.number = entry.localPort;
    entry.localPort = 0;
    entry.remotePort = 0;
  }
  entry.inode = toNumber(fields[9], 10);
  if (entry.inode != 0) entry.userId = static_cast<uint32_t>(toNumber(fields[7], 10));
  if (isWanted(entry, state, query)) take(std::move(entry));
}

// Num RefCount Protocol Flags Type St Inode Path
void takeUnix(std::string_view line, const TakeSocket& take) {
  const auto fields = splitFields(line);
  if (fields.size() < 7) return;
  SocketEntry entry;
  entry.protocol = SocketProtocol::unixDomain;
  const bool listens = (toNumber(fields[3], 16) & kUnixListens) != 0;
  const bool isConnected = toNumber(fields[5], 16) == kUnixConnected;
  entry.state = socketStateName(entry.protocol, listens ? kTcpListen : isConnected ? kTcpEstablished : 0);
  entry.inode = toNumber(fields[6], 10);
  // A path may hold blanks: it is the rest of the line.
  if (fields.size() > 7) entry.path = line.substr(static_cast<size_t>(fields[7].data() - line.data()));
  take(std::move(entry));
}

// sk RefCnt Type Proto Iface R Rmem User Inode
void takePacket(std::string_view line, const InterfacesByIndex& interfaces, const TakeSocket& take) {
  const auto fields = splitFields(line);
  if (fields.size() < 9) return;
  SocketEntry entry;
  entry.protocol = SocketProtocol::packet;
  entry.state = socketStateName(entry.protocol, 0);
  entry.number = static_cast<uint16_t>(toNumber(fields[3], 16));
  const auto index = static_cast<uint32_t>(toNumber(fields[4], 10));
  if (index != 0) entry.interfaceName = interfaceName(interfaces, index);
  entry.userId = static_cast<uint32_t>(toNumber(fields[7], 10));
  entry.inode = toNumber(fields[8], 10);
  take(std::move(entry));
}

}  // namespace

int readProcSockets(SocketTable table, const NetworkQuery& query, const InterfacesByIndex& interfaces, const std::atomic<bool>& stop,
                    const TakeSocket& take) {
  const std::string path = std::string("/proc/thread-self/net/") + tableName(table);
  fs::Descriptor file;
  if (const int error = proc::openAt(AT_FDCWD, path.c_str(), O_RDONLY, file); error != 0) return error;
  bool isHeading = true;
  return forEachLine(file, [&](std::string_view line) {
    if (isHeading) isHeading = false;
    else if (table == SocketTable::unixDomain) takeUnix(line, take);
    else if (table == SocketTable::packet) takePacket(line, interfaces, take);
    else takeInternet(tableProtocol(table), line, query, take);
    return !stop.load(std::memory_order_relaxed);
  });
}

}  // namespace mig
