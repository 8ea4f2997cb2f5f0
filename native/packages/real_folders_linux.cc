#include <unistd.h>

#include <climits>

#include "packages/real_folders.h"

namespace mig::packages {

namespace {

constexpr unsigned kMostLinks = 40;

// False for what is no link.
bool readLink(const std::string& path, std::string& target) {
  char buffer[PATH_MAX];
  const ssize_t count = readlink(path.c_str(), buffer, sizeof buffer);
  if (count <= 0) return false;
  target.assign(buffer, static_cast<size_t>(count));
  return true;
}

// An absolute path without empty names, dots and links upwards, which end at the root.
std::string normalised(std::string_view path) {
  std::string result;
  for (size_t start = 0; start < path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view name = path.substr(start, end - start);
    if (name == "..") result.erase(result.empty() ? 0 : result.rfind('/'));
    else if (!name.empty() && name != ".") result.append("/").append(name);
    start = end + 1;
  }
  return result;
}

}  // namespace

const RealFolders::Found& RealFolders::find(std::string_view folder, unsigned links) {
  const auto known = known_.find(std::string(folder));
  if (known != known_.end()) return known->second;
  Found found = resolve(folder, links);
  return known_.emplace(folder, std::move(found)).first->second;
}

RealFolders::Found RealFolders::resolve(std::string_view folder, unsigned links) {
  if (folder.empty() || links > kMostLinks) return {root_ + std::string(folder), false};
  const size_t slash = folder.rfind('/');
  const Found& parent = find(folder.substr(0, slash), links);
  Found found{parent.path + std::string(folder.substr(slash)), parent.isAvoided};
  if (found.isAvoided || mounts_.isAvoided(found.path)) {
    found.isAvoided = true;
    return found;
  }
  std::string target;
  if (!readLink(found.path, target)) return found;
  const std::string base = target[0] == '/' ? "" : parent.path.substr(root_.size()) + "/";
  return find(normalised(base + target), links + 1);
}

}  // namespace mig::packages
