// By file system and by the end of the path in it.
#include "fs/read_effects.h"

#include <sys/vfs.h>

#include <algorithm>
#include <string_view>

namespace mig::fs {

namespace {

// Of statfs(2) and linux/magic.h.
enum Magic : uint32_t {
  kProc = 0x9fa0,
  kSysfs = 0x62656572,
  kSecurityfs = 0x73636673,
  kSelinux = 0xf97cff8c,
  kDebugfs = 0x64626720,
  kTracefs = 0x74726163,
  kPstore = 0x6165676c,
  kBpf = 0xcafe4a11,
  kConfigfs = 0x62656570,
  kRpcPipefs = 0x67596969,
  kNfsd = 0x6e667364,
  kXenfs = 0xabba1974,
  kFunctionfs = 0xa647361,
  kGadgetfs = 0xaee71ee7,
  kOprofilefs = 0x6f70726f,
  kSpufs = 0x23c9b64e,
};

struct Effect {
  uint32_t magic;
  // The last names of the path; `*` at the end of a name for any rest. Empty for all files.
  std::string_view names;
  const char* reason;
};

constexpr const char* kTakesEvents = "reading it would take events from the program that waits for them";
constexpr const char* kRunsDriver = "reading it runs code of a driver, which may take, change or block something";
constexpr const char* kTouchesDevice = "reading it reaches into a device, and some do not stand that";

constexpr Effect kEffects[] = {
    {kProc, "kmsg", "reading it would take the kernel's messages from the log daemon"},
    {kProc, "acpi/event", kTakesEvents},
    {kProc, "net/rpc/*/channel", "reading it would take requests from the daemon that answers them"},
    {kProc, "rtas/error_log", "reading it would take the firmware's errors from the daemon that logs them"},
    {kProc, "bus/pci/*/*", kTouchesDevice},
    {kProc, "mem", "reading it would load pages into the process; the memory module reads what is there"},
    {kSysfs, "config", kTouchesDevice},
    {kSysfs, "rom", kTouchesDevice},
    {kSysfs, "vpd", kTouchesDevice},
    {kSysfs, "resource*", kTouchesDevice},
    {kSysfs, "eeprom", kTouchesDevice},
    {kSysfs, "nvmem", kTouchesDevice},
    {kSysfs, "wakeup_count", "reading it waits until no device wakes the machine"},
    {kSecurityfs, "revision", "reading it waits for a change"},
    {kSecurityfs, "tomoyo/query", "reading it would take questions from the program that answers them"},
    {kSecurityfs, "tomoyo/audit", kTakesEvents},
    {kSelinux, "policy", "reading it locks all others out of the policy"},
    {kDebugfs, "", kRunsDriver},
    {kTracefs, "", "reading it may take or stop what somebody traces"},
    {kPstore, "", "reading it asks the firmware for what the last kernel left, which a daemon collects"},
    {kBpf, "", "reading it may run a BPF program"},
    {kConfigfs, "", kRunsDriver},
    {kRpcPipefs, "", "reading it would take requests from the daemon that answers them"},
    {kNfsd, "", "reading it asks the server of NFS to act"},
    {kXenfs, "", "reading it would take messages between this machine and its host"},
    {kFunctionfs, "", kTakesEvents},
    {kGadgetfs, "", kTakesEvents},
    {kOprofilefs, "", kTakesEvents},
    {kSpufs, "", kTakesEvents},
};

// Removes and returns the last name of a path.
std::string_view takeLastName(std::string_view& path) {
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  return name;
}

bool endsWithNames(std::string_view path, std::string_view names) {
  while (!names.empty()) {
    std::string_view wanted = takeLastName(names);
    std::string_view name = takeLastName(path);
    if (!wanted.empty() && wanted.back() == '*') {
      wanted.remove_suffix(1);
      name = name.substr(0, wanted.size());
    }
    if (name != wanted) return false;
  }
  return true;
}

}  // namespace

// The path in its own file system, if a bind mount shows it under another one.
std::string ReadEffects::originalOf(const std::string& path) const {
  std::call_once(once_, [this] { aliases_ = listAliases(); });
  for (const Alias& alias : aliases_) {
    if (isAtOrBelow(path, alias.path)) return alias.original + path.substr(alias.path.size());
  }
  return path;
}

const char* ReadEffects::of(const Descriptor& file, const std::string& path) const {
  struct statfs info;
  if (fstatfs(file.value(), &info) != 0) return nullptr;
  const auto magic = static_cast<uint32_t>(info.f_type);
  const bool isKnown = std::any_of(std::begin(kEffects), std::end(kEffects), [&](const Effect& effect) { return effect.magic == magic; });
  if (!isKnown) return nullptr;
  const std::string original = originalOf(path);
  for (const Effect& effect : kEffects) {
    if (effect.magic == magic && endsWithNames(original, effect.names)) return effect.reason;
  }
  return nullptr;
}

}  // namespace mig::fs
