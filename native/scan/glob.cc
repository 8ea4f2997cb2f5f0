#include "scan/glob.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "fs/path_text.h"

namespace mig {

namespace {

std::string_view takeName(std::string_view& path) {
  const size_t start = std::min(path.find_first_not_of('/'), path.size());
  const size_t end = std::min(path.find('/', start), path.size());
  const std::string_view name = path.substr(start, end - start);
  path.remove_prefix(end);
  return name;
}

bool isEmpty(std::string_view path) { return path.find_first_not_of('/') == std::string_view::npos; }

// `[a-z]`, `[!a]`; `glob` is the text after the bracket. An unclosed bracket matches nothing.
bool matchesBracket(std::string_view& glob, unsigned char character) {
  size_t at = 1;
  const bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
  if (negated) at += 1;
  bool found = false;
  for (const size_t first = at; at < glob.size() && (glob[at] != ']' || at == first); at += 1) {
    const unsigned char low = static_cast<unsigned char>(glob[at]);
    unsigned char high = low;
    if (at + 2 < glob.size() && glob[at + 1] == '-' && glob[at + 2] != ']') {
      high = static_cast<unsigned char>(glob[at + 2]);
      at += 2;
    }
    found = found || (character >= low && character <= high);
  }
  if (at >= glob.size()) return false;
  glob.remove_prefix(at + 1);
  return found != negated;
}

bool isPlain(std::string_view name) { return name.find_first_of("*?[") == std::string_view::npos; }

// Walks a folder along several patterns at once.
class FileFinder {
 public:
  struct Wanted {
    size_t pattern;
    std::string_view rest;  // the remaining pattern, below the folder
  };

  explicit FileFinder(const std::function<void(size_t, const fs::FileId&)>& found) : found_(found) {}

  void find(const std::string& folder, const std::vector<Wanted>& wanted) const {
    Plain plain;
    Wild wild;
    for (const Wanted& one : wanted) {
      std::string_view rest = one.rest;
      const std::string_view name = takeName(rest);
      if (isPlain(name)) plain[fs::foldCase(name)].push_back({one.pattern, rest});
      else wild.push_back({name, {one.pattern, rest}});
    }
    // Listing a folder is cheaper than trying many names, most of which do not exist.
    if ((!wild.empty() || plain.size() > kNamesToTry) && list(folder, plain, wild)) return;
    for (const auto& [name, below] : plain) enter(folder + "/" + name, below);
  }

 private:
  static constexpr size_t kNamesToTry = 8;
  using Plain = std::unordered_map<std::string, std::vector<Wanted>>;
  using Wild = std::vector<std::pair<std::string_view, Wanted>>;

  // False when the folder may not be listed.
  bool list(const std::string& folder, const Plain& plain, const Wild& wild) const {
    fs::Descriptor opened;
    if (fs::openDirectoryPath(folder + "/", opened) != 0) return false;
    fs::DirectoryReader reader;
    reader.begin(opened);
    fs::Entry entry;
    int error = 0;
    while (reader.next(entry, error)) {
      const std::string_view name(entry.name, entry.nameBytes);
      const auto same = plain.find(fs::foldCase(name));
      std::vector<Wanted> below = same == plain.end() ? std::vector<Wanted>{} : same->second;
      for (const auto& [pattern, one] : wild) {
        if (mayMatch(pattern, name) && matchesName(pattern, name)) below.push_back(one);
      }
      if (!below.empty()) enter(folder + "/" + entry.name, below);
    }
    return true;
  }

  // Rules out most names by their last byte.
  static bool mayMatch(std::string_view pattern, std::string_view name) {
    return name.empty() || !isPlain(pattern.substr(pattern.size() - 1)) || pattern.back() == ']' || pattern.back() == name.back();
  }

  void enter(const std::string& path, const std::vector<Wanted>& wanted) const {
    fs::Descriptor handle;
    fs::FileInfo info;
    if (fs::openPath(path, handle) != 0 || fs::readInfo(handle, info) != 0) return;
    std::vector<Wanted> below;
    for (const Wanted& one : wanted) {
      if (!isEmpty(one.rest)) below.push_back(one);
      else if (info.type == fs::FileType::regular) found_(one.pattern, info.id);
    }
    if (!below.empty() && info.type == fs::FileType::directory) find(path, below);
  }

  const std::function<void(size_t, const fs::FileId&)>& found_;
};

// The same backtracking to the last star as in matchesName, with whole names instead of characters.
bool matchesNames(std::string_view glob, std::string_view path, bool needsLast) {
  std::string_view globAfterStars;
  std::string_view pathAfterStars;
  bool hasStars = false;
  for (;;) {
    std::string_view restOfGlob = glob;
    const std::string_view wanted = takeName(restOfGlob);
    if (wanted == "**") {
      if (isEmpty(restOfGlob) && needsLast) return !isEmpty(path);
      glob = restOfGlob;
      hasStars = true;
      globAfterStars = glob;
      pathAfterStars = path;
      continue;
    }
    std::string_view restOfPath = path;
    const std::string_view name = takeName(restOfPath);
    if (wanted.empty() && name.empty()) return true;
    if (!wanted.empty() && !name.empty() && matchesName(wanted, name)) {
      glob = restOfGlob;
      path = restOfPath;
      continue;
    }
    if (!hasStars || takeName(pathAfterStars).empty()) return false;
    path = pathAfterStars;
    glob = globAfterStars;
  }
}

}  // namespace

bool matchesName(std::string_view glob, std::string_view name) {
  std::string_view globAfterStar;
  std::string_view nameAfterStar;
  bool hasStar = false;
  for (;;) {
    if (!glob.empty() && glob[0] == '*') {
      glob.remove_prefix(1);
      hasStar = true;
      globAfterStar = glob;
      nameAfterStar = name;
      continue;
    }
    if (name.empty() && glob.empty()) return true;
    std::string_view rest = glob;
    bool matched = false;
    if (!name.empty() && !glob.empty()) {
      if (glob[0] == '[') {
        matched = matchesBracket(rest, static_cast<unsigned char>(name[0]));
      } else {
        matched = glob[0] == '?' || glob[0] == name[0];
        rest.remove_prefix(1);
      }
    }
    if (matched) {
      glob = rest;
      name.remove_prefix(1);
    } else if (hasStar && !nameAfterStar.empty()) {
      nameAfterStar.remove_prefix(1);
      name = nameAfterStar;
      glob = globAfterStar;
    } else {
      return false;
    }
  }
}

bool matchesGlobBeginning(std::string_view glob, std::string_view path) { return matchesNames(glob, path, false); }
bool matchesGlob(std::string_view glob, std::string_view path) { return matchesNames(glob, path, true); }

void findFiles(const std::string& folder, const std::vector<std::string_view>& globs, const std::function<void(size_t, const fs::FileId&)>& found) {
  std::vector<FileFinder::Wanted> wanted;
  for (size_t index = 0; index < globs.size(); index += 1) wanted.push_back({index, globs[index]});
  FileFinder(found).find(folder, wanted);
}

}  // namespace mig
