#include "scan/protection.h"

#include <algorithm>

#include "fs/path_text.h"
#include "scan/glob.h"

namespace mig {

namespace {

std::string_view parentOf(std::string_view path) { return path.substr(0, std::min(path.rfind('/'), path.size())); }
std::string_view nameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Whether the pattern can match a name in the directory.
bool reaches(const ProtectedPattern& pattern, std::string_view directory) {
  const std::string_view glob = pattern.glob;
  // Most patterns are ruled out by the text before their first wildcard.
  const std::string_view fixed = parentOf(glob.substr(0, glob.find_first_of("*?[")));
  const std::string_view beginning = directory.substr(0, fixed.size());
  if (beginning != fixed) return false;
  const std::string_view parent = parentOf(glob);
  if (nameOf(glob) == "**") {
    const std::string_view folder = nameOf(parent);
    const bool isPlain = folder.find_first_of("*?[") == std::string_view::npos;
    return (!isPlain || directory.find(folder) != std::string_view::npos) && matchesGlob(glob, std::string(directory) + "/x");
  }
  if (nameOf(parent) != "**" && !matchesName(nameOf(parent), nameOf(directory))) return false;
  return matchesGlob(parent, directory);
}

}  // namespace

Protection::Protection(std::vector<ProtectedPattern> patterns, uint64_t questions)
    : patterns_(std::move(patterns)), questions_(questions) {
  for (ProtectedPattern& pattern : patterns_) {
    globs_.push_back(pattern.glob);
    pattern.glob = fs::foldCase(pattern.glob);
    hidesHits_ = hidesHits_ || !pattern.mayTell;
  }
}

void Protection::resolve(const fs::Mounts& mounts) {
  if (patterns_.empty()) return;
  for (const fs::Alias& alias : fs::listAliases()) aliases_.push_back({fs::foldCase(alias.path), fs::foldCase(alias.original)});
  const std::vector<std::string> homes = fs::listHomes();
  for (size_t index = 0; index < patterns_.size(); index += 1) {
    const std::string& glob = globs_[index];
    if (glob.compare(0, 3, "**/") != 0) {
      // What lies below a folder in any depth is known by its path alone.
      if (glob.find("**") == std::string::npos) resolveOne(patterns_[index], glob);
      continue;
    }
    for (const std::string& home : homes) {
      if (!mounts.isBelowAvoided(home)) resolveOne(patterns_[index], home + glob.substr(2));
    }
  }
  std::sort(inodes_.begin(), inodes_.end(), [](const Inode& a, const Inode& b) { return a.id.inode < b.id.inode; });
}

void Protection::resolveOne(const ProtectedPattern& pattern, const std::string& glob) {
  for (const fs::FileId& id : findFiles(glob)) inodes_.push_back({id, &pattern});
}

std::vector<std::string> Protection::originalsOf(std::string_view realPath) const {
  std::vector<std::string> originals;
  for (const fs::Alias& alias : aliases_) {
    const bool isAtOrBelow = realPath.substr(0, alias.path.size()) == alias.path &&
                             (realPath.size() == alias.path.size() || realPath[alias.path.size()] == '/');
    if (isAtOrBelow) originals.push_back((alias.original == "/" ? "" : alias.original) + std::string(realPath.substr(alias.path.size())));
  }
  return originals;
}

void Protection::add(Verdict& verdict, const ProtectedPattern& pattern) const {
  verdict.isProtected = true;
  verdict.mayRead = verdict.mayRead && pattern.mayRead;
  verdict.mayTell = verdict.mayTell && pattern.mayTell;
}

void Protection::addOriginals(Verdict& verdict, std::string_view realPath) const {
  for (const std::string& original : originalsOf(realPath)) {
    for (const ProtectedPattern& pattern : patterns_) {
      if (matchesGlob(pattern.glob, original)) add(verdict, pattern);
    }
  }
}

void Protection::addInode(Verdict& verdict, const fs::FileId& file) const {
  auto found = std::lower_bound(inodes_.begin(), inodes_.end(), file.inode, [](const Inode& a, uint64_t inode) { return a.id.inode < inode; });
  for (; found != inodes_.end() && found->id.inode == file.inode; ++found) {
    if (found->id == file) add(verdict, *found->pattern);
  }
}

Protection::Verdict Protection::judge(const fs::Descriptor& directory, const std::string& walkedPath, const fs::FileId& directoryId,
                                      std::string_view name, const fs::FileId& file, DirectoryMatches& matches) const {
  Verdict verdict;
  if (!matches.isKnown || !(matches.id == directoryId) || matches.walkedPath != walkedPath) {
    matches.isKnown = true;
    matches.id = directoryId;
    matches.walkedPath = walkedPath;
    matches.patterns.clear();
    // Where it really is, whatever names led there; what the system does not tell is judged by the names.
    if (fs::readRealPath(directory, matches.realPath) != 0) matches.realPath = walkedPath;
    matches.realPath = matches.realPath == "/" ? "" : fs::foldCase(matches.realPath);
    const std::vector<std::string> originals = originalsOf(matches.realPath);
    for (const ProtectedPattern& pattern : patterns_) {
      const auto isReached = [&](const std::string& path) { return reaches(pattern, path); };
      if (isReached(matches.realPath) || std::any_of(originals.begin(), originals.end(), isReached)) matches.patterns.push_back(&pattern);
    }
    matches.hasAliases = std::any_of(aliases_.begin(), aliases_.end(), [&](const fs::Alias& alias) { return parentOf(alias.path) == matches.realPath; });
  }
  if (matches.hasAliases) addOriginals(verdict, matches.realPath + "/" + fs::foldCase(name));
  const std::string folded = matches.patterns.empty() ? "" : fs::foldCase(name);
  for (const ProtectedPattern* pattern : matches.patterns) {
    const std::string_view wanted = nameOf(pattern->glob);
    if (wanted == "**" || matchesName(wanted, folded)) add(verdict, *pattern);
  }
  addInode(verdict, file);
  return verdict;
}

void Protection::addPath(Verdict& verdict, std::string_view path) const {
  for (const ProtectedPattern& pattern : patterns_) {
    if (matchesGlob(pattern.glob, path)) add(verdict, pattern);
  }
  addOriginals(verdict, path);
}

Protection::Verdict Protection::judgeRealPath(std::string_view realPath, const fs::FileId& file) const {
  Verdict verdict;
  const std::string folded = fs::foldCase(realPath);
  addPath(verdict, folded);
  // As Linux calls what is open and has lost its name, such as a secret that was replaced. A living file may be called so, too.
  constexpr std::string_view deleted = " (deleted)";
  const std::string_view path = folded;
  const size_t named = path.size() - std::min(path.size(), deleted.size());
  if (path.substr(named) == deleted) addPath(verdict, path.substr(0, named));
  addInode(verdict, file);
  return verdict;
}

bool Protection::takeQuestions(uint64_t count) const {
  uint64_t taken = taken_.load();
  do {
    if (count > questions_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + count));
  return true;
}

}  // namespace mig
