// Recognizes processes of agents: their memory holds the agent's key, and their executable the relay's password.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "proc/facts.h"

namespace mig::proc {

// Caches the results by executable.
class AgentExecutables {
 public:
  // Whether the executable has an agent's mark. False for an executable on a file system that may never answer, which
  // is not read, and for one of a user who could have marked it himself.
  bool isRunBy(const Facts& process);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace mig::proc
