#include "scan/examiner.h"

#include <cerrno>

#include "scan/first_bytes.h"
#include "scan/report.h"

namespace mig {

namespace {

FileLabel toLabel(const FileView& file) { return {file.directoryPath, {file.name, file.nameBytes}, file.isRoot}; }

}  // namespace

bool Examiner::selectByName(const FileView& file) {
  selected_.clear();
  if (isHidden(file)) {
    state_.count(Skip::isProtected);
    return false;
  }
  const std::string_view name(file.name, file.nameBytes);
  for (const ActiveSearch& active : file.searches) {
    if (state_.isSearchDone(active.search)) continue;
    FileState& fileState = states_[active.search];
    fileState.start(active, state_.plan.searches[active.search]);
    fileState.testName(name);
    if (fileState.isAlive()) selected_.push_back(&fileState);
  }
  return !selected_.empty();
}

bool Examiner::isHidden(const FileView& file) {
  if (!state_.protection.hidesHits() || file.isRoot) return false;
  fs::FileInfo info;
  if (fs::readInfoAt(file.directory.descriptor, file.name, info) != 0) return false;
  return !state_.protection.judge(file.directory.descriptor, file.directoryPath, file.directory.id, {file.name, file.nameBytes}, info.id, matches_).mayTell;
}

void Examiner::examineSelected(const FileView& file) {
  Located located;
  if (!locate(file, located)) return;
  if (state_.protection.hidesHits() && !judge(file, located).mayTell) return refuse(file);
  const std::string& mode = modeText(located.info.mode);
  for (FileState* fileState : selected_) fileState->testInfo(located.info, mode);
  if (wantsContent() && openContent(file, located) && mayRead(file, located)) {
    const bool isSized = !file.directory.isPseudo && located.info.sizeBytes > 0;
    if (isSized && wantsDigestsTogether()) {
      return batch_.add(std::move(located.opened), located.info, toLabel(file), mode, selected_);
    }
    reader_.read({located.opened, located.info, file.directory.isPseudo, file.isRoot, [&] { return pathOf(file); }}, selected_);
  }
  for (FileState* fileState : selected_) reportHits(state_, toLabel(file), located.info, mode, *fileState);
}

// False when the name is not a file to be examined.
bool Examiner::locate(const FileView& file, Located& located) {
  if (file.type == fs::FileType::link) return followLink(file, located);
  // If the file will be opened anyway, attributes are cheaper from its descriptor than from its name.
  if (file.type == fs::FileType::regular && !needsInfo() && wantsContent() &&
      fs::openForReading(file.directory.descriptor, file.name, located.opened) == 0 &&
      fs::readInfo(located.opened, located.info) == 0) {
    return located.info.type == fs::FileType::regular;
  }
  if (const int error = fs::readInfoAt(file.directory.descriptor, file.name, located.info)) {
    state_.noteError(pathOf(file), error);
    return false;
  }
  if (located.info.type == fs::FileType::regular) return true;
  state_.count(Skip::specialFile);
  return false;
}

bool Examiner::followLink(const FileView& file, Located& located) {
  const std::string path = pathOf(file);
  std::string text;
  if (const int error = fs::readLink(file.directory.descriptor, file.name, text)) {
    state_.noteError(path, error);
    return false;
  }
  const std::string directory = scope_.realRoot(selected_[0]->place().root) + file.directoryPath.substr(selected_[0]->place().pathOffset);
  if (!file.isRoot && scope_.isDangerous(directory, text)) {
    state_.count(Skip::linkOutside);
    return false;
  }
  const int error = fs::openLinkTarget(file.directory.descriptor, file.name, located.target, located.realPath);
  // A dangling link is not a file, and not a read error.
  if (error == ENOENT || error == ENOTDIR) return false;
  if (error != 0) {
    state_.noteError(path, error);
    return false;
  }
  if (fs::readInfo(located.target, located.info) != 0 || located.info.type != fs::FileType::regular) return false;
  if (file.isRoot) return true;
  std::vector<FileState*> inside;
  for (FileState* fileState : selected_) {
    if (scope_.isInside(fileState->place().search, located.realPath)) inside.push_back(fileState);
  }
  if (inside.empty()) state_.count(Skip::linkOutside);
  selected_ = std::move(inside);
  return !selected_.empty();
}

bool Examiner::wantsContent() const {
  for (const FileState* fileState : selected_) {
    if (fileState->wantsContent()) return true;
  }
  return false;
}

// Whether only digests are wanted and some are faster for several files at once.
bool Examiner::wantsDigestsTogether() const {
  uint32_t wanted = 0;
  for (const FileState* fileState : selected_) {
    if (!fileState->wantsContent()) continue;
    if (!fileState->wantsOnlyDigests()) return false;
    wanted |= fileState->wantedDigests();
  }
  return (wanted & DigestSet::fasterTogether()) != 0;
}

bool Examiner::needsInfo() const {
  for (const FileState* fileState : selected_) {
    if (fileState->needsInfo()) return true;
  }
  return false;
}

bool Examiner::openContent(const FileView& file, Located& located) {
  if (located.opened.isOpen()) return true;
  fs::FileInfo info;
  int error = located.target.isOpen() ? fs::reopenForReading(located.target, located.opened)
                                      : fs::openForReading(file.directory.descriptor, file.name, located.opened);
  if (error == 0) error = fs::readInfo(located.opened, info);
  if (error != 0) {
    // A protected file that the system refuses to open counts as protected.
    if (error == EACCES && !state_.protection.isEmpty() && !judge(file, located).mayRead) refuse(file);
    else state_.noteError(pathOf(file), error);
    return false;
  }
  // The name may belong to another file by now.
  if (info.type != fs::FileType::regular) {
    state_.count(Skip::changedWhileRead);
    return false;
  }
  located.info = info;
  return true;
}

Protection::Verdict Examiner::judge(const FileView& file, const Located& located) {
  if (located.target.isOpen()) return state_.protection.judgeRealPath(located.realPath, located.info.id);
  return state_.protection.judge(file.directory.descriptor, file.directoryPath, file.directory.id, {file.name, file.nameBytes}, located.info.id, matches_);
}

bool Examiner::mayRead(const FileView& file, const Located& located) {
  if (state_.protection.isEmpty()) return true;
  const Protection::Verdict verdict = judge(file, located);
  if (!verdict.isProtected) return true;
  uint64_t questions = 0;
  for (const FileState* fileState : selected_) questions += fileState->contentQuestions();
  if (!verdict.mayRead || !state_.protection.takeQuestions(questions)) {
    refuse(file);
    return false;
  }
  withholdDetails(state_, selected_);
  return wantsContent();
}

void Examiner::refuse(const FileView& file) {
  state_.count(Skip::isProtected);
  if (file.isRoot) state_.refuseRoot(pathOf(file));
}

// Most files have the mode of the file before.
const std::string& Examiner::modeText(uint32_t mode) {
  if (modeText_.empty() || mode != mode_) {
    mode_ = mode;
    modeText_ = toModeText(mode);
  }
  return modeText_;
}

std::string Examiner::pathOf(const FileView& file) const {
  return displayPath(state_.plan, toLabel(file), selected_[0]->place());
}

}  // namespace mig
