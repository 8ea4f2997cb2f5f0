#include "proc/container.h"

#include <algorithm>

namespace mig::proc {

namespace {

constexpr size_t kCgroupBytes = 64 * 1024;
constexpr size_t kIdDigits = 64;

struct Prefix {
  std::string_view text;
  std::string_view runtime;
};

// Prefixes of a container's control group when systemd manages it: `docker-<id>.scope`.
constexpr Prefix kScopePrefixes[] = {
    {"docker-", "docker"}, {"cri-containerd-", "containerd"}, {"nerdctl-", "containerd"}, {"crio-", "crio"},
    {"libpod-", "podman"}, {"lxc.payload.", "lxc"},           {"machine-", "systemd-nspawn"},
};
// Parent folders when the runtime manages the group itself: `/docker/<id>`.
constexpr Prefix kParents[] = {
    {"docker", "docker"}, {"lxc", "lxc"}, {"libpod_parent", "podman"}, {"garden", "garden"}};

bool startsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool isId(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view withoutScope(std::string_view name) {
  constexpr std::string_view scope = ".scope";
  if (name.size() > scope.size() && name.substr(name.size() - scope.size()) == scope) name.remove_suffix(scope.size());
  return name;
}

// The part after the last of `separators`, or all of it.
std::string_view lastPart(std::string_view text, std::string_view separators) {
  const size_t at = text.find_last_of(separators);
  return at == std::string_view::npos ? text : text.substr(at + 1);
}

std::string describe(std::string_view parent, std::string_view folder) {
  const std::string_view name = withoutScope(folder);
  for (const Prefix& prefix : kScopePrefixes) {
    if (!startsWith(name, prefix.text)) continue;
    const std::string_view id = name.substr(prefix.text.size());
    // Any unit may have such a name: only lxc and systemd-nspawn let people choose it.
    const bool hasNames = prefix.runtime == "lxc" || (prefix.runtime == "systemd-nspawn" && parent == "machine.slice");
    if (isId(id) || (hasNames && !id.empty())) return std::string(prefix.runtime) + "/" + std::string(id);
  }
  for (const Prefix& known : kParents) {
    const bool hasNames = known.runtime == "lxc" || known.runtime == "garden";
    if (parent != known.text || !(isId(name) || (hasNames && !name.empty()))) continue;
    return std::string(known.runtime) + "/" + std::string(name);
  }
  const std::string_view id = lastPart(name, "-:");
  return isId(id) ? "unknown/" + std::string(id) : "";
}

std::string fromPath(std::string_view path) {
  std::string_view parent;
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
    if (folder.empty()) continue;
    if (std::string found = describe(parent, folder); !found.empty()) return found;
    parent = folder;
  }
  return "";
}

}  // namespace

// Lines are `number:controllers:path`.
std::string parseContainer(std::string_view cgroup) {
  while (!cgroup.empty()) {
    std::string_view line = cgroup.substr(0, cgroup.find('\n'));
    cgroup.remove_prefix(std::min(line.size() + 1, cgroup.size()));
    const size_t controllers = line.find(':');
    const size_t path = controllers == std::string_view::npos ? controllers : line.find(':', controllers + 1);
    if (path == std::string_view::npos) continue;
    if (std::string found = fromPath(line.substr(path + 1)); !found.empty()) return found;
  }
  return "";
}

int readContainer(const Process& process, std::string& container) {
  std::string text;
  if (const int error = process.readFile("cgroup", kCgroupBytes, text); error != 0) return error;
  container = parseContainer(text);
  return 0;
}

}  // namespace mig::proc
