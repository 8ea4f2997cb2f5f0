// The account of a process.
#pragma once

#include <string>

#include "fs/fs.h"

namespace mig::proc {

struct Account {
  std::string sid;   // "S-1-5-18"
  std::string name;  // "NT AUTHORITY\SYSTEM"; the SID when this machine has no name for it
};

// People are named by their profile's folder: a lookup could go to a domain controller and hang. False when the process
// may not be queried.
bool readAccount(const fs::Descriptor& process, Account& account);

}  // namespace mig::proc
