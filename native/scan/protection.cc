#include "scan/protection.h"

#include <algorithm>

#include "fs/path_text.h"
#include "scan/glob.h"

namespace mig {

namespace {

std::vector<ProtectedPattern> foldAll(std::vector<ProtectedPattern> patterns) {
  for (ProtectedPattern& pattern : patterns) pattern.glob = fs::foldCase(pattern.glob);
  return patterns;
}

}  // namespace

Protection::Protection(std::vector<ProtectedPattern> patterns, const std::vector<ProtectedContent>& contents, uint64_t questions)
    : patterns_(foldAll(patterns)), index_(patterns_), questions_(questions) {
  for (const ProtectedPattern& pattern : patterns) {
    globs_.push_back(pattern.glob);
    hidesHits_ = hidesHits_ || !pattern.mayTell;
  }
  for (const ProtectedContent& content : contents) {
    Verdict& verdict = contents_[static_cast<size_t>(content.kind)];
    verdict.isProtected = judgesContents_ = true;
    verdict.mayRead = verdict.mayRead && content.mayRead;
  }
}

void Protection::resolve(const fs::Mounts& mounts) {
  if (patterns_.empty()) return;
  for (const fs::Alias& alias : fs::listAliases()) aliases_.push_back({fs::foldCase(alias.path), fs::foldCase(alias.original)});
  std::vector<size_t> absolute;
  std::vector<size_t> anywhere;
  for (size_t index = 0; index < globs_.size(); index += 1) {
    const std::string_view glob = globs_[index];
    const bool isAnywhere = glob.substr(0, 3) == "**/";
    // A pattern for everything below a folder is decided by the path alone.
    if (glob.substr(isAnywhere ? 3 : 0).find("**") == std::string_view::npos) (isAnywhere ? anywhere : absolute).push_back(index);
  }
  resolveAt("", absolute);
  resolveAt("", anywhere);
  for (const std::string& home : fs::listHomes()) {
    if (!mounts.isBelowAvoided(home)) resolveAt(home, anywhere);
  }
  std::sort(inodes_.begin(), inodes_.end(), [](const Inode& a, const Inode& b) { return a.id.inode < b.id.inode; });
}

void Protection::resolveAt(const std::string& folder, const std::vector<size_t>& patterns) {
  std::vector<std::string_view> globs;
  for (const size_t index : patterns) {
    const std::string_view glob = globs_[index];
    globs.push_back(glob.substr(0, 3) == "**/" ? glob.substr(3) : glob);
  }
  findFiles(folder, globs, [&](size_t at, const fs::FileId& id) { inodes_.push_back({id, &patterns_[patterns[at]]}); });
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
  learn(directory, walkedPath, directoryId, matches);
  const std::string folded = fs::foldCase(name);
  if (matches.hasAliases) addOriginals(verdict, matches.realPath + "/" + folded);
  for (const ProtectedPattern* pattern : matches.patterns) {
    const std::string_view wanted = PatternIndex::lastNameOf(pattern->glob);
    if (wanted == "**" || matchesName(wanted, folded)) add(verdict, *pattern);
  }
  index_.findByName(folded, [&](const ProtectedPattern& pattern) { add(verdict, pattern); });
  addInode(verdict, file);
  return verdict;
}

void Protection::learn(const fs::Descriptor& directory, const std::string& walkedPath, const fs::FileId& directoryId, DirectoryMatches& matches) const {
  if (matches.isKnown && matches.id == directoryId && matches.walkedPath == walkedPath) return;
  matches.isKnown = true;
  matches.id = directoryId;
  matches.walkedPath = walkedPath;
  matches.patterns.clear();
  // Judges the real path, whatever names led to it. Without one the walked path is judged.
  if (fs::readRealPath(directory, matches.realPath) != 0) matches.realPath = walkedPath;
  matches.realPath = matches.realPath == "/" ? "" : fs::foldCase(matches.realPath);
  const auto take = [&](const ProtectedPattern& pattern) { matches.patterns.push_back(&pattern); };
  index_.findInDirectory(matches.realPath, take);
  for (const std::string& original : originalsOf(matches.realPath)) index_.findInDirectory(original, take);
  matches.hasAliases = std::any_of(aliases_.begin(), aliases_.end(), [&](const fs::Alias& alias) { return PatternIndex::parentOf(alias.path) == matches.realPath; });
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
  // Linux's suffix for an open file without a name, such as a replaced secret. A living file may have such a name, too.
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
