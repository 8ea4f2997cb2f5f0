#include "confine/read_only_linux.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "confine/closed_places_linux.h"
#include "proc/system.h"

namespace mig {

namespace {

// From linux/landlock.h; the system call numbers are the same on every architecture.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;
constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadFolder = 1 << 3;
// Other users may fill a folder that holds a closed one, such as /tmp: entries beyond this limit stay closed.
constexpr size_t kMaximumSiblings = 16384;

struct Ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

struct __attribute__((packed)) PathRule {
  uint64_t allowed;
  int32_t parent;
};

// Every file right that this version knows: all but the granted ones are refused.
uint64_t fileRights(int version) {
  // 13 rights in version 1; later versions add moving between folders, truncating and device commands.
  const int rights = 13 + (version >= 2) + (version >= 3) + (version >= 5);
  return (uint64_t{1} << rights) - 1;
}

size_t rulesetBytes(int version) {
  if (version >= 6) return sizeof(Ruleset);
  return version >= 4 ? offsetof(Ruleset, scoped) : offsetof(Ruleset, network);
}

int addRule(int rules, const fs::Descriptor& place, uint64_t allowed) {
  const PathRule rule{allowed, place.value()};
  if (syscall(kAddRule, rules, kPathBeneath, &rule, 0) == 0) return 0;
  // A file system without paths, such as that of a namespace's file in /run/netns: Landlock leaves it open.
  return errno == EBADFD ? 0 : errno;
}

class Grants {
 public:
  Grants(int rules, const ClosedPlaces& places) : rules_(rules), places_(places) {}

  // Later entries of a folder above a closed one stay closed as well: a rule is for an existing inode.
  int grantBelow(int parent, const char* name, const FolderKind& kind) {
    fs::Descriptor folder;
    const int refused = proc::openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, folder);
    if (refused != 0) return shortageOf(refused);
    int failed = 0;
    size_t count = 0;
    const int error = proc::listDirectory(folder, [&](const char* child) {
      count += 1;
      failed = grant(folder.value(), child, kind);
      return failed == 0 && count < kMaximumSiblings;
    });
    // A folder that was removed meanwhile cannot be listed any more.
    return failed != 0 ? failed : shortageOf(error);
  }

 private:
  int grant(int folder, const char* name, const FolderKind& kind) {
    fs::Descriptor file;
    proc::FileStatus status;
    if (const int error = proc::openAt(folder, name, O_PATH | O_NOFOLLOW, file); error != 0) return shortageOf(error);
    if (const int error = proc::statFile(file, status); error != 0) return shortageOf(error);
    switch (places_.accessOf(status.id)) {
      case Access::closed:
        return 0;
      case Access::devices:
        return grantBelow(folder, name, {true, status.id.device});
      case Access::aboveClosed:
        return grantBelow(folder, name, {false, status.id.device});
      case Access::open:
        return isGrantable(file, status, kind) ? addRule(rules_, file, kReadFile) : 0;
    }
    return 0;
  }

  const int rules_;
  const ClosedPlaces& places_;
};

}  // namespace

int readLandlockVersion() {
  const long version = syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

int makeEmptyRules(int version, fs::Descriptor& rules) {
  // TCP in both directions; abstract unix sockets and signals to others.
  const Ruleset wanted{fileRights(version), 3, 3};
  const long made = syscall(kCreateRuleset, &wanted, rulesetBytes(version), 0);
  if (made < 0) return errno;
  rules = fs::Descriptor(static_cast<int>(made));
  return 0;
}

int makeReadOnlyRules(int version, const std::vector<std::string>& withheld, fs::Descriptor& rules) {
  if (const int error = makeEmptyRules(version, rules); error != 0) return error;
  ClosedPlaces places;
  if (const int error = places.find(withheld); error != 0) return error;
  fs::Descriptor root;
  if (const int error = proc::openAt(AT_FDCWD, "/", O_PATH, root); error != 0) return error;
  if (const int error = addRule(rules.value(), root, kReadFolder); error != 0) return error;
  return Grants(rules.value(), places).grantBelow(AT_FDCWD, "/", {});
}

int takeReadOnlyRules(int rules) { return syscall(kRestrictSelf, rules, 0) == 0 ? 0 : errno; }

}  // namespace mig
