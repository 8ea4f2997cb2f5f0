#include "network/socket_holders.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "proc/container.h"
#include "proc/facts.h"
#include "proc/process.h"
#include "proc/socket_inodes.h"

namespace mig {

namespace {

// False when the process has ended.
bool readHolder(const proc::Process& process, const proc::UserNames& users, SocketHolder& holder) {
  proc::Stat stat;
  proc::Status status;
  if (proc::readStat(process, stat) != 0 || proc::readStatus(process, status) != 0) return false;
  proc::readContainer(process, holder.container);
  holder.pid = process.pid();
  holder.name = std::move(stat.name);
  holder.user = users.textOf(status.userId);
  return true;
}

}  // namespace

HolderSummary findSocketHolders(const std::vector<uint64_t>& inodes, const proc::UserNames& users, WorkControl& control) {
  const std::unordered_set<uint64_t> wanted(inodes.begin(), inodes.end());
  HolderSummary summary;
  std::vector<int> pids;
  proc::listProcesses(pids);
  std::vector<uint64_t> held;
  for (const int pid : pids) {
    if (!control.mayContinue()) break;
    proc::Process process;
    if (proc::Process::open(pid, process) != 0) continue;
    summary.processes += 1;
    const int error = proc::readSocketInodes(process, held, [&] { return control.mayContinue(); });
    if (error != 0 && !proc::isGone(error)) summary.noPermission += 1;
    SocketHolder holder;
    std::copy_if(held.begin(), held.end(), std::back_inserter(holder.inodes), [&](uint64_t inode) { return wanted.count(inode) != 0; });
    if (holder.inodes.empty() || !readHolder(process, users, holder)) continue;
    // A process may hold a socket more than once.
    std::sort(holder.inodes.begin(), holder.inodes.end());
    holder.inodes.erase(std::unique(holder.inodes.begin(), holder.inodes.end()), holder.inodes.end());
    summary.holders.push_back(std::move(holder));
  }
  return summary;
}

}  // namespace mig
