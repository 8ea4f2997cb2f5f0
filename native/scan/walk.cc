#include "scan/walk.h"

#include <algorithm>
#include <numeric>

namespace mig {

namespace {

// Directories of one path that are held open; those further up are opened again through ".." when they are needed.
constexpr size_t kMaxOpenFrames = 128;
constexpr unsigned kEntriesPerPause = 256;

}  // namespace

Walk::Walk(ScanState& state, const LinkScope& scope, FileHandler& handler)
    : state_(state), scope_(scope), handler_(handler), isWalked_(state.plan.roots.size()) {}

void Walk::run() {
  findRoots();
  // A root above another comes first and takes it along.
  std::vector<size_t> order(state_.plan.roots.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scope_.realRoot(a) < scope_.realRoot(b); });
  for (const size_t root : order) {
    if (!isWalked_[root] && !state_.shouldStop()) walkRoot(root);
  }
}

// Sorts the roots into directories and files; the files are examined at once.
void Walk::findRoots() {
  for (size_t root = 0; root < state_.plan.roots.size(); root += 1) {
    const std::string& path = state_.plan.roots[root].path;
    fs::Descriptor handle;
    fs::FileInfo info;
    int error = fs::openPath(path, handle);
    if (error == 0) error = fs::readInfo(handle, info);
    isWalked_[root] = true;
    if (error != 0) {
      state_.noteError(path, error);
    } else if (info.type == fs::FileType::directory) {
      directoryRoots_[info.id].push_back(root);
      isWalked_[root] = false;
    } else if (info.type == fs::FileType::regular) {
      examineRootFile(root);
    } else {
      state_.count(Skip::specialFile);
    }
  }
}

void Walk::examineRootFile(size_t root) {
  const std::string& path = state_.plan.roots[root].path;
  const size_t slash = path.rfind('/');
  std::string name = path.substr(slash + 1);
  const std::string directoryPath = slash == 0 ? "/" : path.substr(0, slash);
  auto directory = std::make_shared<Directory>();
  fs::FileInfo info;
  int error = fs::openDirectoryPath(directoryPath, directory->descriptor);
  if (error == 0) error = fs::readInfo(directory->descriptor, info);
  directory->id = info.id;
  if (error == 0) error = fs::readInfoAt(directory->descriptor, name.c_str(), info);
  if (error != 0) return state_.noteError(path, error);
  // Its own name: it may have been asked for in another case, or by the short one that Windows gives files.
  std::string realPath;
  if (info.type == fs::FileType::regular && fs::resolvePath(path, realPath) == 0) name = realPath.substr(realPath.rfind('/') + 1);
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  fs::readFileSystemKind(directory->descriptor, kind);
  directory->isPseudo = kind == fs::FileSystemKind::pseudo;
  std::vector<ActiveSearch> searches;
  for (const uint32_t search : state_.plan.roots[root].searches) {
    searches.push_back({search, 0, static_cast<uint32_t>(root), static_cast<uint32_t>(directoryPath.size())});
  }
  fileRoots_[directory->id].emplace_back(name, root);
  state_.counters.files.fetch_add(1);
  handler_.handle(directory, {*directory, directoryPath, name.c_str(), name.size(), info.type, searches, true});
  handler_.flush();
}

void Walk::walkRoot(size_t root) {
  const std::string& path = state_.plan.roots[root].path;
  auto directory = std::make_shared<Directory>();
  fs::FileInfo info;
  int error = fs::openDirectoryPath(path, directory->descriptor);
  if (error == 0) error = fs::readInfo(directory->descriptor, info);
  if (error != 0) return state_.noteError(path, error);
  directory->id = info.id;
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  fs::readFileSystemKind(directory->descriptor, kind);
  directory->isPseudo = kind == fs::FileSystemKind::pseudo;
  baseRoot_ = root;
  path_ = path == "/" ? "" : path;
  if (push(std::move(directory), {})) walkFrames();
}

void Walk::walkFrames() {
  while (!frames_.empty() && !state_.shouldStop()) {
    Frame& top = frames_.back();
    if (top.pending.empty()) {
      leave();
      continue;
    }
    const std::string name = std::move(top.pending.back());
    top.pending.pop_back();
    enter(top, name);
  }
  frames_.clear();
}

void Walk::enter(Frame& parent, const std::string& name) {
  path_.resize(parent.pathBytes);
  path_ += '/';
  path_ += name;
  if (scope_.mounts().isAvoided(realPath())) return state_.count(Skip::otherFileSystem);
  auto directory = std::make_shared<Directory>();
  fs::FileInfo info;
  int error = fs::openDirectory(parent.directory->descriptor, name.c_str(), directory->descriptor);
  if (error == 0) error = fs::readInfo(directory->descriptor, info);
  if (error != 0) return state_.noteError(path_, error);
  directory->id = info.id;
  directory->isPseudo = parent.isPseudo;
  if (info.id.device != parent.id.device && isAvoided(*parent.directory, *directory)) return;
  push(std::move(directory), descend(parent.searches));
}

// A file system that was mounted since the scan began is not in the table of mounts.
bool Walk::isAvoided(const Directory& parent, Directory& child) {
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  if (fs::readFileSystemKind(child.descriptor, kind) != 0) return false;
  const bool isSameKind = parent.isPseudo && kind == fs::FileSystemKind::pseudo;
  child.isPseudo = kind == fs::FileSystemKind::pseudo;
  if (kind == fs::FileSystemKind::local || isSameKind) return false;
  state_.count(Skip::otherFileSystem);
  return true;
}

std::vector<ActiveSearch> Walk::descend(const std::vector<ActiveSearch>& searches) const {
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

void Walk::activateRoots(const fs::FileId& id, std::vector<ActiveSearch>& searches) {
  const auto found = directoryRoots_.find(id);
  if (found == directoryRoots_.end()) return;
  for (const size_t root : found->second) {
    if (isWalked_[root]) continue;
    isWalked_[root] = true;
    for (const uint32_t search : state_.plan.roots[root].searches) {
      const auto active = std::find_if(searches.begin(), searches.end(), [&](const ActiveSearch& a) { return a.search == search; });
      if (active != searches.end()) active->depth = 0;
      else searches.push_back({search, 0, static_cast<uint32_t>(root), static_cast<uint32_t>(path_.size())});
    }
  }
}

// False when no search looks at the directory; it is then not listed.
bool Walk::push(std::shared_ptr<Directory> directory, std::vector<ActiveSearch> searches) {
  activateRoots(directory->id, searches);
  if (searches.empty()) return false;
  if (frames_.size() >= kMaxOpenFrames) frames_[frames_.size() - kMaxOpenFrames].directory.reset();
  Frame frame{directory, directory->id, directory->isPseudo, path_.size(), std::move(searches), {}};
  frames_.push_back(std::move(frame));
  list(frames_.back());
  return true;
}

// A parent that was closed is opened again whether or not anything is left in it: it is the way to those further up.
void Walk::leave() {
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

// A directory was moved while it was walked: where those above it are now is unknown.
void Walk::giveUpClosed() {
  while (!frames_.empty() && !frames_.back().directory) {
    if (!frames_.back().pending.empty()) {
      path_.resize(frames_.back().pathBytes);
      state_.note(Skip::vanished, path_, "moved while it was walked");
    }
    frames_.pop_back();
  }
}

void Walk::list(Frame& frame) {
  state_.counters.directories.fetch_add(1, std::memory_order_relaxed);
  fs::DirectoryReader reader(frame.directory->descriptor);
  fs::Entry entry;
  int error = 0;
  unsigned entries = 0;
  filesListed_ = 0;
  while (!state_.isStopping() && reader.next(entry, error)) {
    listEntry(frame, entry);
    entries += 1;
    if (entries % kEntriesPerPause != 0) continue;
    state_.pause();
    if (state_.shouldStop()) break;
  }
  handler_.flush();
  state_.counters.files.fetch_add(filesListed_, std::memory_order_relaxed);
  state_.pause();
  if (error != 0) state_.noteError(path_, error);
}

void Walk::listEntry(Frame& frame, const fs::Entry& entry) {
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
  const auto roots = fileRoots_.empty() ? fileRoots_.end() : fileRoots_.find(frame.id);
  if (roots == fileRoots_.end()) return handler_.handle(frame.directory, view);
  // Searches that had this file as a root of their own have seen it.
  std::vector<ActiveSearch> others = frame.searches;
  for (const auto& [name, root] : roots->second) {
    if (name != std::string_view(entry.name, entry.nameBytes)) continue;
    const std::vector<uint32_t>& seen = state_.plan.roots[root].searches;
    others.erase(std::remove_if(others.begin(), others.end(),
                                [&](const ActiveSearch& a) { return std::find(seen.begin(), seen.end(), a.search) != seen.end(); }),
                 others.end());
  }
  if (!others.empty()) handler_.handle(frame.directory, {view.directory, view.directoryPath, view.name, view.nameBytes, type, others, false});
}

std::string Walk::realPath() const {
  const std::string& display = state_.plan.roots[baseRoot_].path;
  const std::string& real = scope_.realRoot(baseRoot_);
  return (real == "/" ? "" : real) + path_.substr(display == "/" ? 0 : display.size());
}

}  // namespace mig
