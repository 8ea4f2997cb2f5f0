#include "scan/report.h"

#include "fs/path_text.h"

namespace mig {

std::string displayPath(const Plan& plan, const FileLabel& file, const ActiveSearch& place) {
  const std::string& root = plan.roots[place.root].path;
  if (file.isRoot) return root;
  std::string path = root == "/" ? "" : root;
  path.append(file.directoryPath, place.pathOffset, std::string::npos);
  path += '/';
  path += file.name;
  return path;
}

void reportHits(ScanState& state, const FileLabel& file, const fs::FileInfo& info, const std::string& mode, FileState& search) {
  for (const FileState::Match& match : search.matches()) {
    if (!state.takeHit(search.place().search)) return;
    Hit hit{};
    hit.search = search.place().search;
    hit.check = match.check;
    hit.value = match.value;
    hit.path = fs::pathText(displayPath(state.plan, file, search.place()));
    hit.mode = mode;
    hit.link = fs::pathText(file.link);
    hit.sha256 = search.sha256();
    hit.info = info;
    state.report(std::move(hit));
  }
}

}  // namespace mig
