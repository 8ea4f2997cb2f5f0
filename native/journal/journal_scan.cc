#include "journal/journal_scan.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>

#include "journal/file_source.h"
#include "journal/value_index.h"
#include "unpack/unpackers.h"

namespace mig::journal {

namespace {

constexpr size_t kMostFiles = 10000;
// Folders of machines and namespaces below the one that was named.
constexpr unsigned kMostDepth = 1;

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}
bool isJournalName(std::string_view name) { return endsWith(name, ".journal") || endsWith(name, ".journal~"); }

FileOutcome outcomeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return FileOutcome::vanished;
    case EACCES:
    case EPERM: return FileOutcome::noPermission;
    case ELOOP: return FileOutcome::specialFile;
    default: return FileOutcome::readError;
  }
}

class JournalScan {
 public:
  JournalScan(ScanState& state, const Question& question)
      : state_(state),
        question_(question),
        mounts_(fs::Mounts::read()),
        unpacker_(makeFileUnpacker([&state] {
          state.pause();
          return !state.shouldStop();
        })),
        reading_(question, *unpacker_) {
    state_.protection.resolve(mounts_);
  }

  void readPath(const std::string& path) {
    fs::Descriptor handle;
    fs::FileInfo info;
    int error = fs::openPath(path, handle);
    std::string realPath;
    if (error == 0) error = fs::readInfo(handle, info);
    if (error == 0) error = fs::resolvePath(path, realPath);
    if (error == ENOENT || error == ENOTDIR) return;
    if (error != 0) return fail(path, outcomeOf(error));
    if (mounts_.isBelowAvoided(realPath)) return fail(path, FileOutcome::otherFileSystem);
    const bool isFolder = info.type == fs::FileType::directory;
    const size_t slash = realPath.rfind('/');
    const std::string folderPath = isFolder ? realPath : realPath.substr(0, std::max<size_t>(slash, 1));
    fs::Descriptor folder;
    error = fs::openDirectoryPath(folderPath, folder);
    if (error != 0) return fail(path, outcomeOf(error));
    if (isFolder) readFolder(folder, folderPath, kMostDepth);
    else readFile(folder, folderPath, realPath.substr(slash + 1));
  }

  JournalSummary finish() {
    JournalSummary summary{{}, std::move(files_), reading_.sequences.summarize()};
    for (size_t index = 0; index < question_.searches.size(); index += 1) {
      const Tally& tally = reading_.counter.tallies()[index];
      SearchCount count{tally.all, {}, tally.others, tally.withoutValue};
      for (const auto& [number, span] : tally.groups) count.groups.emplace_back(reading_.memory.judge.value(question_.searches[index].source, number), span);
      summary.searches.push_back(std::move(count));
    }
    return summary;
  }

 private:
  void fail(const std::string& path, FileOutcome outcome) { files_.push_back({path, outcome, {}, {}}); }

  void readFolder(const fs::Descriptor& folder, const std::string& path, unsigned depth) {
    std::vector<std::string> names;
    std::vector<std::string> folders;
    fs::DirectoryReader reader;
    fs::Entry entry;
    int error = 0;
    reader.begin(folder);
    while (names.size() + folders.size() < kMostFiles && reader.next(entry, error)) {
      const std::string name(entry.name, entry.nameBytes);
      if (isJournalName(name)) names.push_back(name);
      else if (entry.type == fs::FileType::directory || entry.type == fs::FileType::unknown) folders.push_back(name);
    }
    if (error != 0) fail(path, outcomeOf(error));
    // Those that are written to come first: they have no `@`, and may get another name meanwhile.
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      const bool isArchived = a.find('@') != std::string::npos;
      const bool isOtherArchived = b.find('@') != std::string::npos;
      return isArchived != isOtherArchived ? isOtherArchived : a < b;
    });
    for (const std::string& name : names) {
      if (!state_.shouldStop()) readFile(folder, path, name);
    }
    if (depth == 0) return;
    std::sort(folders.begin(), folders.end());
    for (const std::string& name : folders) {
      fs::Descriptor child;
      const std::string childPath = (path == "/" ? "" : path) + "/" + name;
      if (mounts_.isAvoided(childPath)) fail(childPath, FileOutcome::otherFileSystem);
      else if (const int refused = fs::openDirectory(folder, name.c_str(), child); refused == 0) readFolder(child, childPath, depth - 1);
      else if (refused != ENOTDIR && refused != ELOOP && refused != ENOENT) fail(childPath, outcomeOf(refused));
    }
  }

  void readFile(const fs::Descriptor& folder, const std::string& folderPath, const std::string& name) {
    fs::FileInfo info;
    const bool isKnown = fs::readInfoAt(folder, name.c_str(), info) == 0;
    // Two paths of the plan may lead to it.
    if (isKnown && !seen_.emplace(info.id.device, info.id.inode).second) return;
    ReadFile file;
    file.path = (folderPath == "/" ? "" : folderPath) + "/" + name;
    file.outcome = read(folder, folderPath, name, file);
    files_.push_back(std::move(file));
  }

  FileOutcome read(const fs::Descriptor& folder, const std::string& folderPath, const std::string& name, ReadFile& file) {
    if (mounts_.isAvoided(file.path)) return FileOutcome::otherFileSystem;
    fs::FileInfo info;
    fs::FileInfo folderInfo;
    int error = fs::readInfoAt(folder, name.c_str(), info);
    if (error == 0) error = fs::readInfo(folder, folderInfo);
    if (error != 0) return outcomeOf(error);
    if (info.type != fs::FileType::regular) return FileOutcome::specialFile;
    if (const FileOutcome refused = judge(folder, folderPath, folderInfo.id, name, info.id); refused != FileOutcome::read) return refused;
    fs::Descriptor opened;
    fs::FileInfo after;
    error = fs::openForReading(folder, name.c_str(), opened);
    if (error == 0) error = fs::readInfo(opened, after);
    if (error != 0) return outcomeOf(error);
    // It was replaced since it was judged.
    if (!(after.id == info.id)) return FileOutcome::vanished;
    FileSource source(opened, after.sizeBytes, state_.counters.bytes);
    return readContent(source, file);
  }

  // `read` when the file may be read.
  FileOutcome judge(const fs::Descriptor& folder, const std::string& folderPath, const fs::FileId& folderId, const std::string& name, const fs::FileId& id) {
    if (state_.protection.isEmpty()) return FileOutcome::read;
    const Protection::Verdict verdict = state_.protection.judge(folder, folderPath, folderId, name, id, matches_);
    if (!verdict.isProtected) return FileOutcome::read;
    if (!verdict.mayRead || !verdict.mayTell) return FileOutcome::isProtected;
    return state_.protection.takeQuestions(question_.searches.size()) ? FileOutcome::read : FileOutcome::questionLimit;
  }

  FileOutcome readContent(FileSource& source, ReadFile& file) {
    switch (readHeader(source, file.header)) {
      case HeaderOutcome::unsupported: return FileOutcome::unsupported;
      case HeaderOutcome::malformed: return source.hasFailed() ? FileOutcome::readError : FileOutcome::malformed;
      case HeaderOutcome::known: break;
    }
    const bool hasTimes = file.header.entries > 0 && file.header.headRealtime > 0 && file.header.tailRealtime > 0;
    if (hasTimes && !reading_.counter.coversAny(file.header.headRealtime, file.header.tailRealtime)) return FileOutcome::outside;
    const auto mayContinue = [this] {
      state_.pause();
      return !state_.shouldStop();
    };
    FileScan scan(source, file.header, reading_);
    const auto few = findFew(source, file.header);
    file.facts = few ? scan.readSome(*few, mayContinue) : scan.readAll(mayContinue);
    return FileOutcome::read;
  }

  // The entries that can match, where the file's index leads to few of them.
  std::optional<std::vector<uint64_t>> findFew(FileSource& source, const FileHeader& header) {
    if (question_.everyEntry || source.sizeBytes() < header.endBytes) return std::nullopt;
    return ValueIndex(source, header).findEntries(question_);
  }

  ScanState& state_;
  const Question& question_;
  const fs::Mounts mounts_;
  const std::unique_ptr<FileUnpacker> unpacker_;
  Reading reading_;
  Protection::DirectoryMatches matches_;
  std::set<std::pair<uint64_t, uint64_t>> seen_;
  std::vector<ReadFile> files_;
};

}  // namespace

JournalSummary readJournals(ScanState& state, const Question& question, const std::vector<std::string>& paths) {
  JournalScan scan(state, question);
  for (const std::string& path : paths) {
    if (!state.shouldStop()) scan.readPath(path);
  }
  return scan.finish();
}

}  // namespace mig::journal
