#include "packages/verify.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <numeric>
#include <utility>

#include "packages/digest_queue.h"
#include "packages/real_folders.h"

namespace mig::packages {

namespace {

std::string_view folderOf(std::string_view path) { return path.substr(0, path.rfind('/')); }

FileOutcome outcomeOf(int error) {
  if (error == ENOENT || error == ENOTDIR) return FileOutcome::missing;
  if (error == EACCES || error == EPERM) return FileOutcome::noPermission;
  return FileOutcome::readError;
}

FileOutcome outcomeOf(ReadOutcome outcome) {
  switch (outcome) {
    case ReadOutcome::changed: return FileOutcome::changedWhileRead;
    case ReadOutcome::isProtected: return FileOutcome::isProtected;
    case ReadOutcome::questionLimit: return FileOutcome::questionLimit;
    case ReadOutcome::whole:
    case ReadOutcome::failed: return FileOutcome::readError;
  }
  return FileOutcome::readError;
}

// All paths by folder, and where the files of the next folder begin. A folder of many files is several.
class Order {
 public:
  explicit Order(const std::vector<std::string_view>& paths) : files_(paths.size()) {
    std::iota(files_.begin(), files_.end(), 0u);
    std::sort(files_.begin(), files_.end(), [&](uint32_t a, uint32_t b) {
      const int order = folderOf(paths[a]).compare(folderOf(paths[b]));
      return order != 0 ? order < 0 : paths[a] < paths[b];
    });
    for (size_t start = 0; start < files_.size();) {
      starts_.push_back(start);
      const std::string_view folder = folderOf(paths[files_[start]]);
      const size_t most = std::min(start + kMostTogether, files_.size());
      while (start < most && folderOf(paths[files_[start]]) == folder) start += 1;
    }
    starts_.push_back(files_.size());
  }

  size_t folders() const { return starts_.size() - 1; }
  const uint32_t* begin(size_t folder) const { return files_.data() + starts_[folder]; }
  const uint32_t* end(size_t folder) const { return files_.data() + starts_[folder + 1]; }

 private:
  static constexpr size_t kMostTogether = 256;

  std::vector<uint32_t> files_;
  std::vector<size_t> starts_;
};

// One thread's part of the work.
class Verifier {
 public:
  Verifier(ScanState& state, const ListedFiles& files, const fs::Mounts& mounts, std::vector<FileFacts>& facts)
      : state_(state), files_(files), mounts_(mounts), facts_(facts), folders_(files.root, mounts),
        queue_(state, files.algorithm, [this](size_t file, ReadOutcome outcome, const std::string& digest) { compare(file, outcome, digest); }) {}

  // `first` to `last`: indexes of files in one folder.
  void examine(const uint32_t* first, const uint32_t* last) {
    const RealFolders::Found& folder = folders_.find(folderOf(files_.paths[*first]));
    if (folder.isAvoided) return giveUp(first, last, FileOutcome::otherFileSystem);
    const std::string path = folder.path.empty() ? "/" : folder.path;
    fs::Descriptor directory;
    fs::FileInfo info;
    int error = fs::openDirectoryPath(path, directory);
    if (error == 0) error = fs::readInfo(directory, info);
    if (error != 0) return giveUp(first, last, outcomeOf(error));
    for (; first != last && !state_.isStopping(); ++first) examineOne(directory, path, info.id, *first);
  }

  void finish() { queue_.finish(); }
  std::vector<FileCapabilities> takeCapabilities() { return std::move(capabilities_); }

 private:
  void giveUp(const uint32_t* first, const uint32_t* last, FileOutcome outcome) {
    for (; first != last; ++first) facts_[*first].outcome = outcome;
  }

  void examineOne(const fs::Descriptor& directory, const std::string& folder, const fs::FileId& folderId, uint32_t file) {
    const std::string_view path = files_.paths[file];
    const std::string name(path.substr(path.rfind('/') + 1));
    FileFacts& facts = facts_[file];
    // A file of the kernel may be mounted there.
    if (mounts_.isAvoided((folder == "/" ? folder : folder + "/") + name)) {
      facts.outcome = FileOutcome::otherFileSystem;
      return;
    }
    fs::FileInfo info;
    if (const int error = fs::readInfoAt(directory, name.c_str(), info); error != 0) {
      facts.outcome = outcomeOf(error);
      return;
    }
    facts.type = info.type;
    facts.mode = info.mode;
    facts.user = info.user;
    facts.group = info.group;
    if (info.type != fs::FileType::regular || !files_.hasDigest[file]) {
      facts.outcome = FileOutcome::same;
      return;
    }
    facts.outcome = readerOf(directory, folder, folderId, name, info);
    if (facts.outcome == FileOutcome::same) facts.outcome = open(directory, name, info, file);
  }

  // `same` when the file may be read.
  FileOutcome readerOf(const fs::Descriptor& directory, const std::string& folder, const fs::FileId& folderId, const std::string& name, const fs::FileInfo& info) {
    if (state_.protection.isEmpty()) return FileOutcome::same;
    const Protection::Verdict verdict = state_.protection.judge(directory, folder, folderId, name, info.id, matches_);
    if (!verdict.isProtected) return FileOutcome::same;
    if (!verdict.mayRead || !verdict.mayTell) return FileOutcome::isProtected;
    return state_.protection.takeQuestions(1) ? FileOutcome::same : FileOutcome::questionLimit;
  }

  // `unseen` until its digest is known.
  FileOutcome open(const fs::Descriptor& directory, const std::string& name, const fs::FileInfo& info, uint32_t file) {
    fs::Descriptor opened;
    fs::FileInfo after;
    int error = fs::openForReading(directory, name.c_str(), opened);
    if (error == 0) error = fs::readInfo(opened, after);
    if (error != 0) return outcomeOf(error);
    // It was replaced since it was judged.
    if (!(after.id == info.id)) return FileOutcome::changedWhileRead;
    if (files_.wantsCapabilities) {
      FileCapabilities capabilities{file, {}};
      if (fs::readCapabilities(opened, capabilities.value) == 0 && !capabilities.value.empty()) capabilities_.push_back(std::move(capabilities));
    }
    facts_[file].outcome = FileOutcome::unseen;
    queue_.add(file, std::move(opened), after);
    return facts_[file].outcome;
  }

  void compare(size_t file, ReadOutcome outcome, const std::string& digest) {
    const size_t size = digestBytes(files_.algorithm);
    // The crypto library may refuse an algorithm.
    const bool isKnown = outcome == ReadOutcome::whole && digest.size() == size;
    if (!isKnown) facts_[file].outcome = outcomeOf(outcome);
    else facts_[file].outcome = files_.digests.substr(file * size, size) == digest ? FileOutcome::same : FileOutcome::differs;
  }

  ScanState& state_;
  const ListedFiles& files_;
  const fs::Mounts& mounts_;
  std::vector<FileFacts>& facts_;
  RealFolders folders_;
  Protection::DirectoryMatches matches_;
  std::vector<FileCapabilities> capabilities_;
  DigestQueue queue_;
};

}  // namespace

Verified verifyFiles(ScanState& state, const ListedFiles& files) {
  const fs::Mounts mounts = fs::Mounts::read();
  state.protection.resolve(mounts);
  const Order order(files.paths);
  Verified verified;
  verified.facts.resize(files.paths.size());
  std::atomic<size_t> next{0};
  std::atomic<bool> isOutOfMemory{false};
  Mutex mutex;
  const auto work = [&] {
    try {
      Verifier verifier(state, files, mounts, verified.facts);
      for (size_t at = next.fetch_add(1); at < order.folders() && !state.shouldStop(); at = next.fetch_add(1)) {
        verifier.examine(order.begin(at), order.end(at));
        state.pause();
      }
      verifier.finish();
      const Lock lock(mutex);
      for (FileCapabilities& one : verifier.takeCapabilities()) verified.capabilities.push_back(std::move(one));
    } catch (const std::bad_alloc&) {
      isOutOfMemory.store(true);
      state.stop(StopReason::memory);
    }
  };
  {
    std::vector<std::unique_ptr<Thread>> threads;
    for (unsigned count = 1; count < state.plan.threads; count += 1) {
      threads.push_back(std::make_unique<Thread>());
      if (!threads.back()->start(work)) break;
    }
    work();
  }
  if (isOutOfMemory.load()) throw std::bad_alloc();
  return verified;
}

}  // namespace mig::packages
