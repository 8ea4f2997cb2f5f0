#include "confine/confine.h"

#include <cerrno>

#include "confine/call_filter_linux.h"
#include "confine/capabilities_linux.h"
#include "confine/every_thread_linux.h"
#include "confine/read_only_linux.h"
#include "process/limits.h"
#include "unpack/unpackers.h"

namespace mig {

namespace {

// The steps that each thread does for itself.
struct ThreadPart {
  uint64_t capabilities;
  int rules;  // -1 for none
};

int confineThread(const void* argument) {
  const auto& part = *static_cast<const ThreadPart*>(argument);
  if (const int error = keepCapabilities(part.capabilities); error != 0) return error;
  return part.rules < 0 ? 0 : takeReadOnlyRules(part.rules);
}

}  // namespace

ConfinementSupport readConfinementSupport() { return {true, isCallFilterSupported(), readLandlockVersion()}; }

bool confine(const ModuleNeeds& needs, std::string& error) {
  const ConfinementSupport support = readConfinementSupport();
  fs::Descriptor rules;
  // Landlock closes /proc/PID of every process outside of its domain.
  if (support.readOnlyVersion > 0 && !needs.readsProcesses) {
    if (const int refused = makeReadOnlyRules(support.readOnlyVersion, needs.withheld, rules); refused != 0)
      addLimitError(error, "read-only rules", refused);
  }
  const ThreadPart part{neededCapabilities(needs), rules.isOpen() ? rules.value() : -1};
  if (const int refused = onEveryThread(confineThread, &part); refused != 0) addLimitError(error, "capabilities and rules of a thread", refused);
  // Started inside the Landlock domain: a process outside of it would not get the signal at this one's end. Started
  // before the filter, which forbids new processes.
  if (needs.startsUnpackers && error.empty() && !startUnpackers(error)) return false;
  if (support.callFilter) {
    if (const int refused = installCallFilter(needs); refused != 0) addLimitError(error, "system call filter", refused);
  }
  return error.empty();
}

}  // namespace mig
