#include "scan/link_scope.h"

namespace mig {

namespace {

// "/a/b" and "../c/./d" give "/a/c/d", without looking at the file system.
std::string joinLexically(const std::string& base, const std::string& target) {
  std::string path = !target.empty() && target[0] == '/' ? "" : base;
  for (size_t start = 0; start <= target.size();) {
    const size_t end = std::min(target.find('/', start), target.size());
    const std::string part = target.substr(start, end - start);
    if (part == "..") {
      path.erase(std::min(path.rfind('/'), path.size()));
    } else if (!part.empty() && part != ".") {
      path += '/';
      path += part;
    }
    start = end + 1;
  }
  return path;
}

}  // namespace

LinkScope::LinkScope(const Plan& plan)
    : realRoots_(plan.roots.size()), bySearch_(plan.searches.size()), mounts_(fs::Mounts::read()) {
  for (size_t index = 0; index < plan.roots.size(); index += 1) {
    const Root& root = plan.roots[index];
    if (fs::resolvePath(root.path, realRoots_[index]) != 0) continue;
    for (const uint32_t search : root.searches) bySearch_[search].push_back(realRoots_[index]);
  }
}

bool LinkScope::isInside(uint32_t search, const std::string& realPath) const {
  for (const std::string& root : bySearch_[search]) {
    if (fs::isAtOrBelow(realPath, root)) return true;
  }
  return false;
}

std::string LinkScope::targetOf(const std::string& directoryRealPath, const std::string& text) const {
  return joinLexically(directoryRealPath, text);
}

bool LinkScope::isDangerous(const std::string& path) const {
  if (!mounts_.isBelowAvoided(path)) return false;
  for (const std::string& root : realRoots_) {
    if (!root.empty() && mounts_.isBelowAvoided(root) && fs::isAtOrBelow(path, root)) return false;
  }
  return true;
}

}  // namespace mig
