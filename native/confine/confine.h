// Removes the rights that a module does not need, for good. It limits what a defect in a module can reach.
#pragma once

#include <string>
#include <vector>

namespace mig {

// Rights kept besides reading the files of this user.
struct ModuleNeeds {
  bool readsAllFiles = false;      // of every owner
  bool readsProcesses = false;     // memory, descriptors, executable and root of other processes
  bool readsMappedFiles = false;   // /proc/PID/map_files: mapped files without a name
  bool asksKernelTables = false;   // netlink: interfaces, neighbours, sockets
  bool entersNamespaces = false;   // network namespaces of other processes
  bool readsClock = false;         // what the kernel knows of it, by adjtimex
  bool startsUnpackers = false;    // packed files are unpacked in processes of their own
  // Folders whose files stay closed; a missing folder is ignored. Not enforced when other processes' /proc is needed.
  std::vector<std::string> withheld;
};

// The mechanisms of this system; zero or false when missing.
struct ConfinementSupport {
  bool capabilities = false;
  bool callFilter = false;
  int readOnlyVersion = 0;  // of Landlock
  bool restrictedToken = false;  // Windows only, as is the next
  bool lowIntegrity = false;
  bool lowIntegrityForProcesses = false;  // also when other processes are read
};

ConfinementSupport readConfinementSupport();

// Confines all threads, including Node's. Missing mechanisms are skipped. False when an existing mechanism fails, with
// the reason in `error`.
bool confine(const ModuleNeeds& needs, std::string& error);

}  // namespace mig
