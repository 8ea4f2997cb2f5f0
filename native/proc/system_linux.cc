#include "proc/system.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>

namespace mig::proc {

namespace {

constexpr size_t kReadBytes = 16 * 1024;

// linux/dirent.h declares it for the kernel only.
struct DirectoryEntry {
  uint64_t inode;
  int64_t offset;
  uint16_t sizeBytes;
  uint8_t type;
  char name[];
};

// Takes the attributes known already: the file's server is not asked and cannot block us.
int readStatus(int directory, const char* name, int flags, FileStatus& status) {
  struct statx stat;
  if (syscall(SYS_statx, directory, name, flags | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &stat) != 0) return errno;
  status.id = {makedev(stat.stx_dev_major, stat.stx_dev_minor), stat.stx_ino};
  status.links = stat.stx_nlink;
  status.mode = stat.stx_mode;
  status.ownerId = stat.stx_uid;
  status.shownDevice = makedev(stat.stx_rdev_major, stat.stx_rdev_minor);
  status.changedNanoseconds = stat.stx_ctime.tv_sec * 1000000000 + stat.stx_ctime.tv_nsec;
  return 0;
}

}  // namespace

int openAt(int directory, const char* name, int flags, fs::Descriptor& out) {
  const long value = syscall(SYS_openat, directory, name, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
  if (value < 0) return errno;
  out = fs::Descriptor(static_cast<int>(value));
  return 0;
}

int readToEnd(const fs::Descriptor& file, size_t maxBytes, std::string& text, bool* cut) {
  text.clear();
  while (text.size() <= maxBytes) {
    const size_t before = text.size();
    // One extra byte tells whether there is more.
    const size_t room = std::min(kReadBytes, maxBytes + 1 - before);
    text.resize(before + room);
    const long count = syscall(SYS_read, file.value(), &text[before], room);
    const int error = errno;
    text.resize(before + static_cast<size_t>(std::max(count, 0L)));
    if (count < 0 && error == EINTR) continue;
    if (count < 0) return error;
    if (count == 0) break;
  }
  if (cut != nullptr) *cut = text.size() > maxBytes;
  if (text.size() > maxBytes) text.resize(maxBytes);
  return 0;
}

int readAt(const fs::Descriptor& file, uint64_t offset, void* buffer, size_t count, size_t& got) {
  got = 0;
  while (got < count) {
    const long part = syscall(SYS_pread64, file.value(), static_cast<char*>(buffer) + got, count - got, offset + got);
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return got > 0 ? 0 : errno;
    if (part == 0) break;
    got += static_cast<size_t>(part);
  }
  return 0;
}

int readLinkAt(int directory, const char* name, std::string& target) {
  target.resize(PATH_MAX + 1);
  const long count = syscall(SYS_readlinkat, directory, name, &target[0], target.size());
  const int error = errno;
  target.resize(static_cast<size_t>(std::max(count, 0L)));
  return count < 0 ? error : 0;
}

int statAt(int directory, const char* name, FileStatus& status) { return readStatus(directory, name, 0, status); }

int statFile(const fs::Descriptor& file, FileStatus& status) {
  return readStatus(file.value(), "", AT_EMPTY_PATH, status);
}

int listDirectory(const fs::Descriptor& directory, const std::function<bool(const char* name)>& visit) {
  alignas(DirectoryEntry) char buffer[kReadBytes];
  for (;;) {
    const long count = syscall(SYS_getdents64, directory.value(), buffer, sizeof buffer);
    if (count < 0) return errno;
    if (count == 0) return 0;
    for (long at = 0; at < count;) {
      const auto* entry = reinterpret_cast<const DirectoryEntry*>(buffer + at);
      at += entry->sizeBytes;
      if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) continue;
      if (!visit(entry->name)) return 0;
    }
  }
}

bool parseNumber(std::string_view text, uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value <= static_cast<uint64_t>(INT64_MAX);
}

}  // namespace mig::proc
