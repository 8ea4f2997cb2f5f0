#include "proc/agent_executables.h"

#include "content/secret_kind.h"
#include "platform/aligned_buffer.h"

namespace mig::proc {

namespace {

bool isMarked(int pid, uint64_t startTicks) {
  fs::Descriptor file;
  if (openExecutable(pid, startTicks, file) != 0 || !fs::isOfTrustedOwner(file)) return false;
  const AlignedBuffer head(kAgentMarkBytes);
  size_t count = 0;
  return fs::readPiece(file, 0, head.get(), kAgentMarkBytes, count) == 0 && hasAgentMark(head.get(), count);
}

}  // namespace

bool AgentExecutables::isRunBy(const Facts& process) {
  if (process.executable.kind != ExecutableKind::file) return false;
  const std::string& identity = process.executable.identity;
  if (!identity.empty()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = known_.find(identity); known != known_.end()) return known->second;
  }
  const bool isAgent = isMarked(process.pid, process.startTicks);
  if (!identity.empty()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    known_.emplace(identity, isAgent);
  }
  return isAgent;
}

}  // namespace mig::proc
