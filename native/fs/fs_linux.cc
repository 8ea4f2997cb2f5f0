// Linux: getdents64, statx and *at calls. Calls that only newer versions of glibc wrap are made directly.
#include "fs/fs_posix.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mig::fs {

namespace {

constexpr unsigned kBasic = STATX_TYPE | STATX_MODE | STATX_SIZE | STATX_MTIME | STATX_INO | STATX_UID | STATX_GID;
constexpr unsigned kAll = kBasic | STATX_NLINK | STATX_CTIME | STATX_BTIME | STATX_ATIME;

static_assert(kLinks == STATX_NLINK && kOwner == STATX_UID && kGroup == STATX_GID && kAccessed == STATX_ATIME && kChanged == STATX_CTIME && kBorn == STATX_BTIME);
static_assert(kImmutable == STATX_ATTR_IMMUTABLE && kAppendOnly == STATX_ATTR_APPEND);

Moment toMoment(const struct statx_timestamp& time) { return {time.tv_sec, time.tv_nsec}; }

void fillFacts(const struct statx& stat, FileFacts& facts) {
  facts.known = stat.stx_mask;
  // Files that came with an image of the disk have no time of birth, which ext4 tells as 0.
  if (stat.stx_btime.tv_sec == 0 && stat.stx_btime.tv_nsec == 0) facts.known &= ~uint32_t{kBorn};
  facts.marks = static_cast<uint32_t>(stat.stx_attributes);
  facts.knownMarks = static_cast<uint32_t>(stat.stx_attributes_mask);
  facts.links = stat.stx_nlink;
  facts.changed = toMoment(stat.stx_ctime);
  facts.born = toMoment(stat.stx_btime);
  facts.accessed = toMoment(stat.stx_atime);
}

int readStat(int directory, const char* name, int flags, FileInfo& info, InfoScope scope) {
  struct statx stat;
  const unsigned wanted = scope == InfoScope::all ? kAll : kBasic;
  if (statx(directory, name, flags | AT_NO_AUTOMOUNT, wanted, &stat) != 0) return errno;
  info.type = typeOfMode(stat.stx_mode);
  info.mode = stat.stx_mode & 07777;
  info.user = stat.stx_uid;
  info.group = stat.stx_gid;
  info.sizeBytes = stat.stx_size;
  info.mtimeSeconds = stat.stx_mtime.tv_sec;
  info.mtimeNanoseconds = stat.stx_mtime.tv_nsec;
  info.id = {makedev(stat.stx_dev_major, stat.stx_dev_minor), stat.stx_ino};
  if (scope == InfoScope::all) fillFacts(stat, info.facts);
  return 0;
}

std::string handlePath(const Descriptor& handle) { return "/proc/self/fd/" + std::to_string(handle.value()); }

}  // namespace

// O_NOATIME is for the owner and root only; for others reading changes the access time.
int openAt(int directory, const char* name, int flags, Descriptor& out) {
  int value = openat(directory, name, flags | O_NOATIME);
  if (value < 0 && errno == EPERM) value = openat(directory, name, flags);
  if (value < 0) return errno;
  out = Descriptor(value);
  return 0;
}

int readRealPath(const Descriptor& descriptor, std::string& realPath) {
  return readLinkAt(AT_FDCWD, handlePath(descriptor).c_str(), realPath);
}

int openPath(const std::string& path, Descriptor& out) {
  const int value = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (value < 0) return errno;
  out = Descriptor(value);
  return 0;
}

int readInfo(const Descriptor& descriptor, FileInfo& info, InfoScope scope) {
  return readStat(descriptor.value(), "", AT_EMPTY_PATH, info, scope);
}

int readInfoAt(const Descriptor& directory, const char* name, FileInfo& info, InfoScope scope) {
  return readStat(directory.value(), name, AT_SYMLINK_NOFOLLOW, info, scope);
}

int readCapabilities(const Descriptor& file, std::string& value) {
  char buffer[64];
  const ssize_t count = fgetxattr(file.value(), "security.capability", buffer, sizeof buffer);
  value.clear();
  if (count >= 0) value.assign(buffer, static_cast<size_t>(count));
  return count >= 0 || errno == ENODATA || errno == EOPNOTSUPP ? 0 : errno;
}

int openLinkTarget(const Descriptor& directory, const char* name, Descriptor& out, std::string& realPath) {
  const int value = openat(directory.value(), name, O_PATH | O_CLOEXEC);
  if (value < 0) return errno;
  out = Descriptor(value);
  return readLinkAt(AT_FDCWD, handlePath(out).c_str(), realPath);
}

int reopenForReading(const Descriptor& handle, Descriptor& out) {
  return openAt(AT_FDCWD, handlePath(handle).c_str(), kFileFlags, out);
}

void avoidCaching(const Descriptor& file) {
  // Otherwise the kernel would read ahead of the probe and leave those pages in the cache.
  posix_fadvise(file.value(), 0, 0, POSIX_FADV_RANDOM);
}

int readPiece(const Descriptor& file, uint64_t offset, uint8_t* buffer, size_t capacity, size_t& count, bool* fromDisk) {
  count = 0;
  bool mayProbe = true;
  if (fromDisk != nullptr) *fromDisk = false;
  while (count < capacity) {
    const uint64_t position = offset + count;
    ssize_t got = -1;
    if (mayProbe) {
      iovec target{buffer + count, capacity - count};
      got = preadv2(file.value(), &target, 1, static_cast<off_t>(position), RWF_NOWAIT);
    }
    if (got < 0) {
      const bool probeFailed = mayProbe && errno != EAGAIN;
      if (mayProbe && !probeFailed) posix_fadvise(file.value(), static_cast<off_t>(position), static_cast<off_t>(capacity - count), POSIX_FADV_WILLNEED);
      got = pread(file.value(), buffer + count, capacity - count, static_cast<off_t>(position));
      if (got > 0 && mayProbe && !probeFailed) {
        posix_fadvise(file.value(), static_cast<off_t>(position), got, POSIX_FADV_DONTNEED);
        if (fromDisk != nullptr) *fromDisk = true;
      }
      if (probeFailed) mayProbe = false;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    count += static_cast<size_t>(got);
  }
  return 0;
}

struct DirectoryReader::State {
  // The kernel's layout; see getdents64(2).
  struct Record {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
  };
  int directory = -1;
  size_t position = 0;
  size_t filled = 0;
  alignas(8) char buffer[64 * 1024];
};

DirectoryReader::DirectoryReader() : state_(new State) {}
DirectoryReader::~DirectoryReader() = default;

void DirectoryReader::begin(const Descriptor& directory) {
  state_->directory = directory.value();
  state_->position = 0;
  state_->filled = 0;
}

bool DirectoryReader::next(Entry& entry, int& error) {
  for (;;) {
    if (state_->position >= state_->filled) {
      const long got = syscall(SYS_getdents64, state_->directory, state_->buffer, sizeof state_->buffer);
      error = got < 0 ? errno : 0;
      if (got <= 0) return false;
      state_->position = 0;
      state_->filled = static_cast<size_t>(got);
    }
    const char* at = state_->buffer + state_->position;
    const auto* record = reinterpret_cast<const State::Record*>(at);
    state_->position += record->length;
    const char* name = at + offsetof(State::Record, name);
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    entry.name = name;
    entry.nameBytes = strlen(name);
    switch (record->type) {
      case 8: entry.type = FileType::regular; break;     // DT_REG
      case 4: entry.type = FileType::directory; break;   // DT_DIR
      case 10: entry.type = FileType::link; break;       // DT_LNK
      case 0: entry.type = FileType::unknown; break;     // DT_UNKNOWN
      default: entry.type = FileType::other;
    }
    return true;
  }
}

}  // namespace mig::fs
