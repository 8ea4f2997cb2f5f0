// Takes from this process, for good, what a module does not need. A defect in a module then reaches no further than its needs.
#pragma once

#include <string>
#include <vector>

namespace mig {

// What is left besides reading what this user may read.
struct ModuleNeeds {
  bool readsAllFiles = false;      // whoever owns them
  bool readsProcesses = false;     // memory, descriptors, executable and root of other processes
  bool readsMappedFiles = false;   // /proc/PID/map_files: what is mapped though it has lost its name
  bool asksKernelTables = false;   // netlink: interfaces, neighbours, sockets
  bool entersNamespaces = false;   // network namespaces of other processes
  bool startsUnpackers = false;    // packed files are unpacked in processes of their own
  // Folders whose files stay closed; one that is not there is left out. Held only where no other process's /proc is needed.
  std::vector<std::string> withheld;
};

// What this system offers. Zero and false: not there.
struct ConfinementSupport {
  bool capabilities = false;
  bool callFilter = false;
  int readOnlyVersion = 0;  // of Landlock
  bool restrictedToken = false;  // of Windows, as are the next
  bool lowIntegrity = false;
  bool lowIntegrityForProcesses = false;  // also where other processes are read
};

ConfinementSupport readConfinementSupport();

// All threads of this process, those of Node included. What the system does not offer is left out; false when it offers
// something and then refuses it, with what in `error`.
bool confine(const ModuleNeeds& needs, std::string& error);

}  // namespace mig
