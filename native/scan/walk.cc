#include "scan/walk.h"

#include <algorithm>
#include <cerrno>

namespace mig {

namespace {

bool isLink(const std::string& path) {
  const size_t slash = path.rfind('/');
  fs::Descriptor directory;
  fs::FileInfo info;
  return fs::openDirectoryPath(slash == 0 ? "/" : path.substr(0, slash), directory) == 0 &&
         fs::readInfoAt(directory, path.c_str() + slash + 1, info) == 0 && info.type == fs::FileType::link;
}

}  // namespace

void Walk::run(FileHandler& handler) {
  std::vector<size_t> directories = findDirectories(handler);
  // A root above another one comes first and covers it as well, so it must be walked first.
  std::sort(directories.begin(), directories.end(), [&](size_t a, size_t b) { return scope_.realRoot(a) < scope_.realRoot(b); });
  Walker walker = makeWalker(handler);
  for (const size_t root : directories) {
    if (!roots_.isTaken(root) && !state_.shouldStop()) walkRoot(root, walker);
  }
  queue_.close();
}

void Walk::help(FileHandler& handler) {
  Walker walker = makeWalker(handler);
  Subtree subtree;
  while (queue_.take(subtree)) {
    walker.walk(std::move(subtree));
    queue_.finish();
  }
}

// Collects the directories; files among the roots are examined at once.
std::vector<size_t> Walk::findDirectories(FileHandler& handler) {
  std::vector<size_t> directories;
  for (size_t root = 0; root < state_.plan.roots.size(); root += 1) {
    const std::string& path = state_.plan.roots[root].path;
    fs::Descriptor handle;
    fs::FileInfo info;
    int error = fs::openPath(path, handle);
    if (error == 0) error = fs::readInfo(handle, info);
    if ((error == ENOENT || error == ELOOP) && isLink(path)) {
      examineFile(root, handler);
    } else if (error == ENOENT || error == ENOTDIR) {
      // An answer, and no failure: this machine does not have it.
      state_.count(Skip::vanished);
    } else if (error != 0) {
      state_.noteError(path, error);
    } else if (info.type == fs::FileType::directory) {
      roots_.addDirectory(info.id, root);
      directories.push_back(root);
    } else if (info.type == fs::FileType::regular) {
      examineFile(root, handler);
    } else {
      state_.count(Skip::specialFile);
    }
  }
  return directories;
}

void Walk::examineFile(size_t root, FileHandler& handler) {
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
  // The real name: a root may have been given in another case, or by the short name of Windows.
  std::string realPath;
  if (info.type == fs::FileType::regular && fs::resolvePath(path, realPath) == 0) name = realPath.substr(realPath.rfind('/') + 1);
  fs::FileSystemKind kind = fs::FileSystemKind::local;
  fs::readFileSystemKind(directory->descriptor, kind);
  directory->isPseudo = kind == fs::FileSystemKind::pseudo;
  std::vector<ActiveSearch> searches;
  for (const uint32_t search : state_.plan.roots[root].searches) {
    searches.push_back({search, 0, static_cast<uint32_t>(root), static_cast<uint32_t>(directoryPath.size())});
  }
  roots_.addFile(directory->id, name, root);
  state_.counters.files.fetch_add(1);
  handler.handle(directory, {*directory, directoryPath, name.c_str(), name.size(), info.type, searches, true});
  handler.flush();
}

// Returns when everything below the root is walked, by any thread.
void Walk::walkRoot(size_t root, Walker& walker) {
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
  queue_.begin();
  Subtree subtree{std::move(directory), path == "/" ? "" : path, root, {}};
  do {
    walker.walk(std::move(subtree));
    queue_.finish();
  } while (queue_.takeUnlessDone(subtree));
}

}  // namespace mig
