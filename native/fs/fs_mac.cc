// macOS: fstatat, readdir and this system's fcntl(2) on open files.
#include <dirent.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fs/fs_posix.h"

namespace mig::fs {

namespace {

Moment toMoment(const timespec& time) { return {time.tv_sec, static_cast<uint32_t>(time.tv_nsec)}; }

void fill(const struct stat& status, FileInfo& info) {
  info.type = typeOfMode(status.st_mode);
  info.mode = status.st_mode & 07777;
  info.sizeBytes = static_cast<uint64_t>(status.st_size);
  info.mtimeSeconds = status.st_mtimespec.tv_sec;
  info.mtimeNanoseconds = static_cast<uint32_t>(status.st_mtimespec.tv_nsec);
  info.id = {static_cast<uint64_t>(static_cast<uint32_t>(status.st_dev)), status.st_ino};
  info.user = status.st_uid;
  info.group = status.st_gid;
  FileFacts& facts = info.facts;
  facts.known = kLinks | kOwner | kGroup | kAccessed | kChanged | kBorn;
  facts.links = status.st_nlink;
  facts.changed = toMoment(status.st_ctimespec);
  facts.born = toMoment(status.st_birthtimespec);
  facts.accessed = toMoment(status.st_atimespec);
  facts.knownMarks = kImmutable | kAppendOnly;
  if ((status.st_flags & (UF_IMMUTABLE | SF_IMMUTABLE)) != 0) facts.marks |= kImmutable;
  if ((status.st_flags & (UF_APPEND | SF_APPEND)) != 0) facts.marks |= kAppendOnly;
}

// macOS has no handles without reading rights: only files that opening does not affect are opened.
int openHandle(int directory, const char* name, Descriptor& out) {
  struct stat status;
  if (fstatat(directory, name, &status, 0) != 0) return errno;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return ENOTSUP;
  return openAt(directory, name, kFileFlags, out);
}

}  // namespace

int openAt(int directory, const char* name, int flags, Descriptor& out) {
  const int value = openat(directory, name, flags);
  if (value < 0) return errno;
  out = Descriptor(value);
  return 0;
}

int readRealPath(const Descriptor& descriptor, std::string& realPath) {
  char path[MAXPATHLEN];
  if (fcntl(descriptor.value(), F_GETPATH, path) != 0) return errno;
  realPath = path;
  return 0;
}

int openPath(const std::string& path, Descriptor& out) { return openHandle(AT_FDCWD, path.c_str(), out); }

// One call tells all, whatever the scope.
int readInfo(const Descriptor& descriptor, FileInfo& info, InfoScope) {
  struct stat status;
  if (fstat(descriptor.value(), &status) != 0) return errno;
  fill(status, info);
  return 0;
}

int readInfoAt(const Descriptor& directory, const char* name, FileInfo& info, InfoScope) {
  struct stat status;
  if (fstatat(directory.value(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  fill(status, info);
  return 0;
}

int openLinkTarget(const Descriptor& directory, const char* name, Descriptor& out, std::string& realPath) {
  if (const int error = openHandle(directory.value(), name, out)) return error;
  return readRealPath(out, realPath);
}

int reopenForReading(const Descriptor& handle, Descriptor& out) {
  const int value = fcntl(handle.value(), F_DUPFD_CLOEXEC, 0);
  if (value < 0) return errno;
  out = Descriptor(value);
  return 0;
}

// Pages in the cache are still read from there; pages from disk are not kept.
void avoidCaching(const Descriptor& file) { fcntl(file.value(), F_NOCACHE, 1); }

int readPiece(const Descriptor& file, uint64_t offset, uint8_t* buffer, size_t capacity, size_t& count, bool* fromDisk) {
  count = 0;
  // The system does not say whether the pages came from disk.
  if (fromDisk != nullptr) *fromDisk = false;
  while (count < capacity) {
    const ssize_t got = pread(file.value(), buffer + count, capacity - count, static_cast<off_t>(offset + count));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    count += static_cast<size_t>(got);
  }
  return 0;
}

struct DirectoryReader::State {
  DIR* stream = nullptr;
  int error = 0;

  ~State() { close(); }
  void close() {
    if (stream != nullptr) closedir(stream);
    stream = nullptr;
  }
};

DirectoryReader::DirectoryReader() : state_(new State) {}
DirectoryReader::~DirectoryReader() = default;

void DirectoryReader::begin(const Descriptor& directory) {
  state_->close();
  state_->error = 0;
  // The stream closes its descriptor, so it gets a copy.
  const int own = fcntl(directory.value(), F_DUPFD_CLOEXEC, 0);
  if (own >= 0) state_->stream = fdopendir(own);
  if (state_->stream != nullptr) return;
  state_->error = errno;
  if (own >= 0) ::close(own);
}

bool DirectoryReader::next(Entry& entry, int& error) {
  error = state_->error;
  while (state_->stream != nullptr) {
    errno = 0;
    const dirent* found = readdir(state_->stream);
    error = found == nullptr ? errno : 0;
    if (found == nullptr) return false;
    const char* name = found->d_name;
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    entry.name = name;
    entry.nameBytes = found->d_namlen;
    switch (found->d_type) {
      case DT_REG: entry.type = FileType::regular; break;
      case DT_DIR: entry.type = FileType::directory; break;
      case DT_LNK: entry.type = FileType::link; break;
      case DT_UNKNOWN: entry.type = FileType::unknown; break;
      default: entry.type = FileType::other;
    }
    return true;
  }
  return false;
}

}  // namespace mig::fs
