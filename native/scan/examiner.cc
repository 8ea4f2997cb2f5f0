#include "scan/examiner.h"

#include <algorithm>
#include <cerrno>

#include "scan/report.h"

namespace mig {

namespace {

// As Go writes it.
const std::string kLinkMode = "Lrwxrwxrwx";

FileLabel toLabel(const FileView& file, std::string_view link) { return {file.directoryPath, {file.name, file.nameBytes}, file.isRoot, link}; }

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
  if (state_.protection.hidesHits() && !judge(file, located).mayTell) return refuseToTell(file);
  const std::string& mode = modeText(located.info);
  const FileLabel label = toLabel(file, located.link);
  if (located.target.isOpen()) attributes_.reset(located.target, nullptr);
  else attributes_.reset(file.directory.descriptor, file.name);
  for (FileState* fileState : selected_) fileState->testInfo(located.info, mode, located.link, located.hasFile, attributes_);
  if (attributes_.error() != 0) state_.noteUnknown(pathOf(file), attributes_.error());
  if (located.hasFile && wantsContent() && openContent(file, located) && mayRead(file, located)) {
    const bool isPseudo = located.target.isOpen() ? located.isPseudo : file.directory.isPseudo;
    if (!isPseudo && located.info.sizeBytes > 0 && wantsDigestsTogether()) {
      return batch_.add(std::move(located.opened), located.info, label, mode, selected_);
    }
    reader_.read({located.opened, located.info, isPseudo, file.isRoot, [&] { return pathOf(file); }}, selected_);
  }
  bool lacksFact = false;
  for (FileState* fileState : selected_) {
    lacksFact = lacksFact || fileState->lacksFact();
    reportHits(state_, label, located.info, mode, *fileState);
  }
  if (lacksFact) state_.count(Skip::undecided);
}

// False when the name is not a file or a link.
bool Examiner::locate(const FileView& file, Located& located) {
  if (file.type == fs::FileType::link) return followLink(file, located);
  // If the file will be opened anyway, attributes are cheaper from its descriptor than from its name.
  if (file.type == fs::FileType::regular && !file.directory.isPseudo && !needsInfo() && wantsContent() &&
      fs::openForReading(file.directory.descriptor, file.name, located.opened) == 0 &&
      fs::readInfo(located.opened, located.info, state_.plan.infoScope) == 0) {
    return located.info.type == fs::FileType::regular;
  }
  if (const int error = fs::readInfoAt(file.directory.descriptor, file.name, located.info, state_.plan.infoScope)) {
    state_.noteError(pathOf(file), error);
    return false;
  }
  if (located.info.type == fs::FileType::regular) return true;
  state_.count(Skip::specialFile);
  return false;
}

// A link has a name and a target for every question, and all of the file that it leads to.
bool Examiner::followLink(const FileView& file, Located& located) {
  int error = fs::readLink(file.directory.descriptor, file.name, located.link);
  if (error == 0) error = fs::readInfoAt(file.directory.descriptor, file.name, located.info, state_.plan.infoScope);
  if (error != 0) {
    state_.noteError(pathOf(file), error);
    return false;
  }
  located.realPath = scope_.targetOf(directoryOf(file), located.link);
  located.hasFile = false;
  if (!file.isRoot && scope_.isDangerous(located.realPath)) {
    state_.count(Skip::linkOutside);
    return true;
  }
  fs::Descriptor target;
  fs::FileInfo info;
  std::string realPath;
  error = fs::openLinkTarget(file.directory.descriptor, file.name, target, realPath);
  if (error == 0) error = fs::readInfo(target, info, state_.plan.infoScope);
  // A dangling link is no read error.
  if (error != 0 && error != ENOENT && error != ENOTDIR) state_.noteError(pathOf(file), error);
  if (error != 0) return true;
  located.realPath = std::move(realPath);
  const bool isOutside = !file.isRoot && !isInsideAll(located.realPath);
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  fs::readFileSystemKind(target, kind);
  located.isPseudo = kind == fs::FileSystemKind::pseudo;
  // A link in the middle of the way may lead into a network or pseudo file system, too.
  const bool isElsewhere = kind != fs::FileSystemKind::local && scope_.isDangerous(located.realPath);
  if (isOutside && (info.type == fs::FileType::directory || isElsewhere)) {
    state_.count(Skip::linkOutside);
    return true;
  }
  if (info.type != fs::FileType::regular) return true;
  located.info = info;
  located.target = std::move(target);
  located.hasFile = true;
  return true;
}

bool Examiner::isInsideAll(const std::string& realPath) const {
  return std::all_of(selected_.begin(), selected_.end(),
                     [&](const FileState* fileState) { return scope_.isInside(fileState->place().search, realPath); });
}

// The real path of the directory that holds the file.
std::string Examiner::directoryOf(const FileView& file) const {
  const ActiveSearch& place = selected_[0]->place();
  if (!file.isRoot) return scope_.realRoot(place.root) + file.directoryPath.substr(place.pathOffset);
  std::string realPath;
  return fs::readRealPath(file.directory.descriptor, realPath) == 0 ? realPath : file.directoryPath;
}

bool Examiner::wantsContent() const { return anyWantsContent(selected_); }

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

// Reading the file would take, change or block something.
bool Examiner::hasReadEffect(const FileView& file, Located& located) {
  // A single file of another file system may be mounted here, too.
  const bool isForeign = file.directory.isPseudo || located.info.id.device != file.directory.id.device;
  if (!(located.target.isOpen() ? located.isPseudo : isForeign)) return false;
  fs::Descriptor handle;
  std::string realPath = located.realPath;
  if (!located.target.isOpen() && fs::openLinkTarget(file.directory.descriptor, file.name, handle, realPath) != 0) return false;
  const char* reason = scope_.readEffects().of(located.target.isOpen() ? located.target : handle, realPath);
  if (reason == nullptr) return false;
  state_.note(Skip::unsupported, pathOf(file), std::string("was not opened: ") + reason);
  return true;
}

bool Examiner::openContent(const FileView& file, Located& located) {
  if (hasReadEffect(file, located)) return false;
  if (located.opened.isOpen()) return true;
  fs::FileInfo info;
  int error = located.target.isOpen() ? fs::reopenForReading(located.target, located.opened)
                                      : fs::openForReading(file.directory.descriptor, file.name, located.opened);
  if (error == 0) error = fs::readInfo(located.opened, info, state_.plan.infoScope);
  if (error != 0) {
    // A protected file that the system refuses to open counts as protected.
    const bool mayBeProtected = error == EACCES && !state_.protection.isEmpty();
    const Protection::Verdict verdict = mayBeProtected ? judge(file, located) : Protection::Verdict{};
    if (!verdict.mayRead) askAboutProtected(state_, verdict, selected_, rootPathOf(file));
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
  // Also a place that is not there: the answer must not depend on that.
  if (file.type == fs::FileType::link) return state_.protection.judgeRealPath(located.realPath, located.hasFile ? located.info.id : fs::FileId{});
  return state_.protection.judge(file.directory.descriptor, file.directoryPath, file.directory.id, {file.name, file.nameBytes}, located.info.id, matches_);
}

bool Examiner::mayRead(const FileView& file, const Located& located) {
  if (state_.protection.isEmpty()) return true;
  const Protection::Verdict verdict = judge(file, located);
  if (!verdict.isProtected) return true;
  askAboutProtected(state_, verdict, selected_, rootPathOf(file));
  return wantsContent();
}

void Examiner::refuseToTell(const FileView& file) {
  state_.count(Skip::isProtected);
  if (!file.isRoot) return;
  for (const FileState* fileState : selected_) state_.refuseRoot(fileState->place().search, pathOf(file), Skip::isProtected);
}

RootPath Examiner::rootPathOf(const FileView& file) const {
  return [&] { return file.isRoot ? pathOf(file) : std::string(); };
}

// Most files have the mode of the file before.
const std::string& Examiner::modeText(const fs::FileInfo& info) {
  if (info.type == fs::FileType::link) return kLinkMode;
  if (modeText_.empty() || info.mode != mode_) {
    mode_ = info.mode;
    modeText_ = toModeText(info.mode);
  }
  return modeText_;
}

std::string Examiner::pathOf(const FileView& file) const {
  return displayPath(state_.plan, toLabel(file, {}), selected_[0]->place());
}

}  // namespace mig
