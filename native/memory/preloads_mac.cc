// macOS: the environment variable with libraries for dyld(1). There is no list for all processes.
#include "memory/signs.h"
#include "memory/target_mac.h"
#include "proc/process_mac.h"

namespace mig {

namespace {

constexpr std::string_view kVariable = "DYLD_INSERT_LIBRARIES=";

}  // namespace

int readPreloads(Target& target, Preloads& preloads) {
  std::string arguments;
  std::string environment;
  bool isCut = false;
  if (const int error = proc::readArguments(target.system().pid, SIZE_MAX, arguments, environment, isCut)) return error;
  for (std::string_view rest = environment; !rest.empty();) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (entry.size() > kVariable.size() && entry.substr(0, kVariable.size()) == kVariable) preloads.variables.emplace_back(entry);
  }
  return 0;
}

}  // namespace mig
