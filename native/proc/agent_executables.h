// Which processes run an agent: their memory holds its key, and its executable the relay's password.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "proc/facts.h"

namespace mig::proc {

// Remembers what it has read by the executable.
class AgentExecutables {
 public:
  // By the mark in its executable. False for an executable on a file system that may never answer, which is not read, and
  // for one of a user who could have marked it himself.
  bool isRunBy(const Facts& process);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace mig::proc
