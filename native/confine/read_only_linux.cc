#include "confine/read_only_linux.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "proc/system.h"

namespace mig {

namespace {

// See linux/landlock.h; numbers of system calls are the same on every architecture.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;
constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadFolder = 1 << 3;

struct Ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

struct __attribute__((packed)) PathRule {
  uint64_t allowed;
  int32_t parent;
};

// Every right on files that this version knows: all but those granted are refused.
uint64_t fileRights(int version) {
  // 13 rights at first; then moving between folders, truncating, commands to devices.
  const int rights = 13 + (version >= 2) + (version >= 3) + (version >= 5);
  return (uint64_t{1} << rights) - 1;
}

size_t rulesetBytes(int version) {
  if (version >= 6) return sizeof(Ruleset);
  return version >= 4 ? offsetof(Ruleset, scoped) : offsetof(Ruleset, network);
}

int addRule(int rules, int folder, const char* name, uint64_t allowed) {
  fs::Descriptor place;
  // Gone, or not to be looked at anyway.
  if (proc::openAt(folder, name, O_PATH | O_NOFOLLOW, place) != 0) return 0;
  const PathRule rule{allowed, place.value()};
  return syscall(kAddRule, rules, kPathBeneath, &rule, 0) == 0 ? 0 : errno;
}

bool isBelow(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/';
}

class Grants {
 public:
  Grants(int rules, const std::vector<std::string>& withheld) : rules_(rules), withheld_(withheld) {}

  // What is made later in a folder that holds a withheld one, beside it, stays closed, too: a rule is for what is there.
  int grantBelow(const std::string& path) {
    fs::Descriptor folder;
    if (const int error = proc::openAt(AT_FDCWD, path.empty() ? "/" : path.c_str(), O_RDONLY | O_DIRECTORY, folder); error != 0) return error;
    int failed = 0;
    const int error = proc::listDirectory(folder, [&](const char* name) {
      failed = grant(folder.value(), name, path + "/" + name);
      return failed == 0;
    });
    return failed != 0 ? failed : error;
  }

 private:
  int grant(int folder, const char* name, const std::string& path) {
    if (std::find(withheld_.begin(), withheld_.end(), path) != withheld_.end()) return 0;
    const bool holdsWithheld = std::any_of(withheld_.begin(), withheld_.end(), [&](const std::string& one) { return isBelow(one, path); });
    if (holdsWithheld) return grantBelow(path);
    return addRule(rules_, folder, name, kReadFile);
  }

  const int rules_;
  const std::vector<std::string>& withheld_;
};

}  // namespace

int readLandlockVersion() {
  const long version = syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

int makeReadOnlyRules(int version, const std::vector<std::string>& withheld, fs::Descriptor& rules) {
  // TCP in both directions; abstract unix sockets and signals to others.
  const Ruleset wanted{fileRights(version), 3, 3};
  const long made = syscall(kCreateRuleset, &wanted, rulesetBytes(version), 0);
  if (made < 0) return errno;
  rules = fs::Descriptor(static_cast<int>(made));
  if (withheld.empty()) return addRule(rules.value(), AT_FDCWD, "/", kReadFile | kReadFolder);
  if (const int error = addRule(rules.value(), AT_FDCWD, "/", kReadFolder); error != 0) return error;
  return Grants(rules.value(), withheld).grantBelow("");
}

int takeReadOnlyRules(int rules) { return syscall(kRestrictSelf, rules, 0) == 0 ? 0 : errno; }

}  // namespace mig
