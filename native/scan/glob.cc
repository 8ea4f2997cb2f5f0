#include "scan/glob.h"

#include <algorithm>

namespace mig {

namespace {

std::string_view takeName(std::string_view& path) {
  const size_t start = std::min(path.find_first_not_of('/'), path.size());
  const size_t end = std::min(path.find('/', start), path.size());
  const std::string_view name = path.substr(start, end - start);
  path.remove_prefix(end);
  return name;
}

// `[a-z]`, `[!a]`; the text after the bracket in `glob`. An unclosed bracket matches nothing.
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

void findBelow(const std::string& directory, std::string_view glob, std::vector<fs::FileId>& found) {
  const std::string_view wanted = takeName(glob);
  if (wanted.empty()) {
    fs::Descriptor handle;
    fs::FileInfo info;
    if (fs::openPath(directory, handle) == 0 && fs::readInfo(handle, info) == 0 && info.type == fs::FileType::regular) found.push_back(info.id);
    return;
  }
  if (wanted.find_first_of("*?[") == std::string_view::npos) return findBelow(directory + "/" + std::string(wanted), glob, found);
  fs::Descriptor opened;
  if (fs::openDirectoryPath(directory + "/", opened) != 0) return;
  fs::DirectoryReader reader;
  reader.begin(opened);
  fs::Entry entry;
  int error = 0;
  while (reader.next(entry, error)) {
    if (matchesName(wanted, {entry.name, entry.nameBytes})) findBelow(directory + "/" + entry.name, glob, found);
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

// The same coming back to the last star, with whole names instead of characters.
bool matchesGlob(std::string_view glob, std::string_view path) {
  std::string_view globAfterStars;
  std::string_view pathAfterStars;
  bool hasStars = false;
  for (;;) {
    std::string_view restOfGlob = glob;
    const std::string_view wanted = takeName(restOfGlob);
    if (wanted == "**") {
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

std::vector<fs::FileId> findFiles(const std::string& glob) {
  std::vector<fs::FileId> found;
  findBelow("", glob, found);
  return found;
}

}  // namespace mig
