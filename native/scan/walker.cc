#include "scan/walker.h"

namespace mig {

namespace {

// Directories that all walkers together keep open on their way down. Those further up are reopened through ".." on
// demand.
constexpr size_t kMaxOpenFrames = 128;
constexpr unsigned kEntriesPerPause = 256;

}  // namespace

Walker::Walker(ScanState& state, const LinkScope& scope, Roots& roots, SubtreeQueue& queue, FileHandler& handler)
    : state_(state), scope_(scope), roots_(roots), queue_(queue), handler_(handler), maxOpenFrames_(kMaxOpenFrames / state.plan.threads) {}

void Walker::walk(Subtree subtree) {
  if (state_.shouldStop()) return;
  root_ = subtree.root;
  push(std::move(subtree));
  while (!frames_.empty() && !state_.shouldStop()) {
    share();
    Frame& top = frames_.back();
    if (top.pending.empty()) {
      leave();
    } else if (std::optional<Subtree> below = openPending(top)) {
      push(std::move(*below));
    }
  }
  frames_.clear();
}

std::optional<Subtree> Walker::openPending(Frame& parent) {
  const std::string name = std::move(parent.pending.back());
  parent.pending.pop_back();
  std::string path(path_, 0, parent.pathBytes);
  path += '/';
  path += name;
  if (scope_.mounts().isAvoided(realPathOf(path))) {
    state_.count(Skip::otherFileSystem);
    return std::nullopt;
  }
  std::vector<ActiveSearch> searches = descend(parent.searches);
  // A root below it is walked on its own.
  if (searches.empty()) return std::nullopt;
  auto directory = std::make_shared<Directory>();
  fs::FileInfo info;
  int error = fs::openDirectory(parent.directory->descriptor, name.c_str(), directory->descriptor);
  if (error == 0) error = fs::readInfo(directory->descriptor, info);
  if (error != 0) {
    state_.noteError(path, error);
    return std::nullopt;
  }
  directory->id = info.id;
  directory->isPseudo = parent.isPseudo;
  if (info.id.device != parent.id.device && isAvoided(*parent.directory, *directory)) return std::nullopt;
  return Subtree{std::move(directory), std::move(path), root_, std::move(searches)};
}

// A file system that was mounted after the start of the scan is not in the mount table.
bool Walker::isAvoided(const Directory& parent, Directory& child) {
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  if (fs::readFileSystemKind(child.descriptor, kind) != 0) return false;
  const bool isSameKind = parent.isPseudo && kind == fs::FileSystemKind::pseudo;
  child.isPseudo = kind == fs::FileSystemKind::pseudo;
  if (kind == fs::FileSystemKind::local || isSameKind) return false;
  state_.count(Skip::otherFileSystem);
  return true;
}

std::vector<ActiveSearch> Walker::descend(const std::vector<ActiveSearch>& searches) const {
  std::vector<ActiveSearch> below;
  bool isTooDeep = false;
  for (const ActiveSearch& active : searches) {
    const Search& search = state_.plan.searches[active.search];
    if (state_.isSearchDone(active.search)) continue;
    if (search.maxDepth != 0 && active.depth + 2 > search.maxDepth) {
      isTooDeep = true;
      continue;
    }
    below.push_back(active);
    below.back().depth += 1;
  }
  if (isTooDeep) state_.count(Skip::tooDeep);
  return below;
}

// A directory that no search covers is not listed.
void Walker::push(Subtree subtree) {
  roots_.activate(subtree.directory->id, subtree.path.size(), subtree.searches);
  if (subtree.searches.empty()) return;
  if (frames_.size() >= maxOpenFrames_) frames_[frames_.size() - maxOpenFrames_].directory.reset();
  path_ = std::move(subtree.path);
  const fs::FileId id = subtree.directory->id;
  const bool isPseudo = subtree.directory->isPseudo;
  frames_.push_back({std::move(subtree.directory), id, isPseudo, path_.size(), std::move(subtree.searches), {}});
  list(frames_.back());
}

// A closed parent is always reopened, even if it is finished: it is the way to those further up.
void Walker::leave() {
  const Frame done = std::move(frames_.back());
  frames_.pop_back();
  if (frames_.empty() || frames_.back().directory) return;
  Frame& parent = frames_.back();
  auto directory = std::make_shared<Directory>();
  fs::FileInfo info;
  int error = fs::openParent(done.directory->descriptor, directory->descriptor);
  if (error == 0) error = fs::readInfo(directory->descriptor, info);
  if (error != 0 || !(info.id == parent.id)) return giveUpClosed();
  directory->id = parent.id;
  directory->isPseudo = parent.isPseudo;
  parent.directory = std::move(directory);
}

// A directory was moved during its walk: the location of those above it is unknown.
void Walker::giveUpClosed() {
  while (!frames_.empty() && !frames_.back().directory) {
    if (!frames_.back().pending.empty()) {
      path_.resize(frames_.back().pathBytes);
      state_.note(Skip::changedWhileRead, path_, "moved during the walk");
    }
    frames_.pop_back();
  }
}

// Gives away the topmost pending directory, which tends to have most below it. The last one stays: otherwise two
// walkers would pass each other a chain of directories, one by one.
void Walker::share() {
  if (!queue_.isWanted()) return;
  Frame* giver = nullptr;
  for (size_t index = firstOpenFrame(); index < frames_.size(); index += 1) {
    Frame& frame = frames_[index];
    if (!frame.directory || frame.pending.empty()) continue;
    const bool isFirst = giver == nullptr;
    if (isFirst) giver = &frame;
    if (isFirst && frame.pending.size() == 1) continue;
    if (std::optional<Subtree> subtree = openPending(*giver)) queue_.give(std::move(*subtree));
    return;
  }
}

void Walker::list(Frame& frame) {
  state_.counters.directories.fetch_add(1, std::memory_order_relaxed);
  reader_.begin(frame.directory->descriptor);
  fs::Entry entry;
  int error = 0;
  unsigned entries = 0;
  filesListed_ = 0;
  while (!state_.isStopping() && reader_.next(entry, error)) {
    listEntry(frame, entry);
    entries += 1;
    if (entries % kEntriesPerPause != 0) continue;
    state_.pause();
    if (state_.shouldStop()) break;
    share();
  }
  handler_.flush();
  state_.counters.files.fetch_add(filesListed_, std::memory_order_relaxed);
  state_.pause();
  if (error != 0) state_.noteError(path_, error);
}

void Walker::listEntry(Frame& frame, const fs::Entry& entry) {
  fs::FileType type = entry.type;
  if (type == fs::FileType::unknown) {
    fs::FileInfo info;
    if (const int error = fs::readInfoAt(frame.directory->descriptor, entry.name, info)) {
      return state_.noteError(path_ + "/" + entry.name, error);
    }
    type = info.type;
  }
  if (type == fs::FileType::directory) {
    frame.pending.emplace_back(entry.name, entry.nameBytes);
    return;
  }
  if (type == fs::FileType::other) return state_.count(Skip::specialFile);
  filesListed_ += 1;
  const FileView view{*frame.directory, path_, entry.name, entry.nameBytes, type, frame.searches, false};
  if (!roots_.hasFilesIn(frame.id)) return handler_.handle(frame.directory, view);
  std::vector<ActiveSearch> others = frame.searches;
  roots_.removeSeen(frame.id, {entry.name, entry.nameBytes}, others);
  if (!others.empty()) handler_.handle(frame.directory, {view.directory, view.directoryPath, view.name, view.nameBytes, type, others, false});
}

std::string Walker::realPathOf(const std::string& path) const {
  const std::string& display = state_.plan.roots[root_].path;
  const std::string& real = scope_.realRoot(root_);
  return (real == "/" ? "" : real) + path.substr(display == "/" ? 0 : display.size());
}

}  // namespace mig
