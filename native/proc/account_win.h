// As whom a process acts.
#pragma once

#include <string>

#include "fs/fs.h"

namespace mig::proc {

struct Account {
  std::string sid;   // "S-1-5-18"
  std::string name;  // "NT AUTHORITY\SYSTEM"; the SID when this machine has no name for it
};

// Names of people are those of their profile's folder: asking for them could go out to a domain controller and hang. False
// when the process may not be asked.
bool readAccount(const fs::Descriptor& process, Account& account);

}  // namespace mig::proc
