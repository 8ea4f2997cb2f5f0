#include "proc/file_systems_linux.h"

#include <fcntl.h>
#include <linux/mman.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

#include "proc/mount_table_linux.h"

namespace mig::proc {

namespace {

// Room for more than ten thousand mounts of containers.
constexpr size_t kMountinfoBytes = 16 << 20;
constexpr size_t kFdinfoBytes = 4096;
// The major number is 0 for devices without a disk.
constexpr uint64_t kMinorBits = 32;
constexpr size_t kMapsBytes = 16 << 20;
// Sizes of huge pages, as logarithms.
constexpr unsigned kSmallestHugeLog = 16;
constexpr unsigned kLargestHugeLog = 34;

constexpr std::string_view kRemoteTypes[] = {
    "nfs",    "nfs4", "cifs",   "smb3",      "smbfs",    "afs",    "9p",     "ceph", "coda",    "ncpfs",
    "lustre", "gpfs", "beegfs", "glusterfs", "virtiofs", "vboxsf", "vmhgfs", "fuse", "fuseblk", "autofs", "orangefs"};

bool isRemoteType(std::string_view type) {
  // "fuse.sshfs" and others.
  return type.substr(0, 5) == "fuse." || std::find(std::begin(kRemoteTypes), std::end(kRemoteTypes), type) != std::end(kRemoteTypes);
}

std::string_view takeField(std::string_view& line) {
  const size_t end = std::min(line.find(' '), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

bool parseDevice(std::string_view text, int base, uint64_t& device) {
  const char* end = text.data() + text.size();
  uint64_t numbers[2] = {};
  const auto first = std::from_chars(text.data(), end, numbers[0], base);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return false;
  const auto second = std::from_chars(first.ptr + 1, end, numbers[1], base);
  if (second.ec != std::errc() || second.ptr != end) return false;
  device = toDevice(numbers[0], numbers[1]);
  return true;
}

// A mapping of shared memory, which is a nameless file in the kernel. No memory is reserved for it.
class SharedMemory {
 public:
  SharedMemory(int flags, size_t sizeBytes)
      : sizeBytes_(sizeBytes),
        start_(mmap(nullptr, sizeBytes, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0)) {}
  SharedMemory(SharedMemory&& other) noexcept : sizeBytes_(other.sizeBytes_), start_(std::exchange(other.start_, MAP_FAILED)) {}
  SharedMemory& operator=(SharedMemory&&) = delete;
  ~SharedMemory() {
    if (start_ != MAP_FAILED) munmap(start_, sizeBytes_);
  }

  // The device in the line of /proc/self/maps: `7f0000-7f1000 r--s 00000000 00:01 4711    /dev/zero (deleted)`.
  bool findDevice(std::string_view maps, uint64_t& device) const {
    if (start_ == MAP_FAILED) return false;
    char begin[32];
    snprintf(begin, sizeof begin, "%lx-", reinterpret_cast<unsigned long>(start_));
    while (!maps.empty()) {
      std::string_view line = maps.substr(0, maps.find('\n'));
      maps.remove_prefix(std::min(line.size() + 1, maps.size()));
      if (line.substr(0, strlen(begin)) != begin) continue;
      for (int field = 0; field < 3; field += 1) takeField(line);
      return parseDevice(takeField(line), 16, device);
    }
    return false;
  }

 private:
  size_t sizeBytes_;
  void* start_;
};

// The mount id of proc_pid_fdinfo(5).
bool readMountId(const fs::Descriptor& file, uint64_t& id) {
  fs::Descriptor info;
  std::string text;
  if (openAt(AT_FDCWD, ("/proc/thread-self/fdinfo/" + std::to_string(file.value())).c_str(), O_RDONLY, info) != 0) return false;
  if (readToEnd(info, kFdinfoBytes, text) != 0) return false;
  constexpr std::string_view key = "mnt_id:\t";
  const size_t at = text.find(key);
  if (at == std::string::npos) return false;
  const std::string_view rest = std::string_view(text).substr(at + key.size());
  return parseNumber(rest.substr(0, rest.find('\n')), id);
}

}  // namespace

uint64_t toDevice(uint64_t major, uint64_t minor) { return major << kMinorBits | minor; }

// The devices of unmounted in-memory file systems, found by mappings of our own.
void FileSystems::Table::takeMemory() {
  std::vector<SharedMemory> pieces;
  pieces.emplace_back(0, static_cast<size_t>(sysconf(_SC_PAGESIZE)));
  for (unsigned log = kSmallestHugeLog; log <= kLargestHugeLog; log += 1) {
    pieces.emplace_back(MAP_HUGETLB | static_cast<int>(log << MAP_HUGE_SHIFT), size_t{1} << log);
  }
  fs::Descriptor file;
  std::string text;
  if (openAt(AT_FDCWD, "/proc/self/maps", O_RDONLY, file) != 0 || readToEnd(file, kMapsBytes, text) != 0) return;
  for (const SharedMemory& piece : pieces) {
    uint64_t device = 0;
    if (piece.findDevice(text, device)) byDevice.emplace(device, false);
  }
}

// See proc_pid_mountinfo(5): the mount id is the first field, the device the third, the type follows " - ".
void FileSystems::Table::take(std::string_view mountinfo) {
  while (!mountinfo.empty()) {
    std::string_view line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    const size_t separator = line.find(" - ");
    uint64_t mount = 0;
    uint64_t device = 0;
    if (separator == std::string_view::npos) continue;
    const std::string_view tail = line.substr(separator + 3);
    const bool isRemote = isRemoteType(tail.substr(0, tail.find(' ')));
    if (!parseNumber(takeField(line), mount)) continue;
    takeField(line);  // the parent mount
    if (!parseDevice(takeField(line), 10, device)) continue;
    byMount.emplace(mount, isRemote);
    byDevice.emplace(device, isRemote);
  }
}

const FileSystems::Table& FileSystems::ours() {
  static const auto* table = [] {
    auto* made = new Table();
    std::string text;
    if (readMountTable(text) == 0) made->take(text);
    made->takeMemory();
    return made;
  }();
  return *table;
}

// Only a container's own processes show its mounts. In another user's namespace that user can mount anything.
const FileSystems::Table& FileSystems::theirs(const Process& process) {
  if (process.pid() == lastPid_) return theirs_;
  lastPid_ = process.pid();
  theirs_ = {};
  std::string text;
  std::string own;
  if (process.readLink("ns/user", text) != 0 || readLinkAt(AT_FDCWD, "/proc/self/ns/user", own) != 0 || text != own) return theirs_;
  if (process.readFile("mountinfo", kMountinfoBytes, text) == 0) theirs_.take(text);
  return theirs_;
}

bool FileSystems::isRemoteDevice(const Process& process, uint64_t device) {
  if (const auto known = ours().byDevice.find(device); known != ours().byDevice.end()) return known->second;
  const Table& table = theirs(process);
  if (const auto known = table.byDevice.find(device); known != table.byDevice.end()) return known->second;
  return device >> kMinorBits == 0;
}

bool FileSystems::isRemoteFile(const Process& process, const fs::Descriptor& file) {
  uint64_t mount = 0;
  FileStatus status;
  if (!readMountId(file, mount)) return true;
  if (const auto known = ours().byMount.find(mount); known != ours().byMount.end()) return known->second;
  const Table& table = theirs(process);
  if (const auto known = table.byMount.find(mount); known != table.byMount.end()) return known->second;
  if (statFile(file, status) != 0) return true;
  return isRemoteDevice(process, toDevice(major(status.id.device), minor(status.id.device)));
}

}  // namespace mig::proc
