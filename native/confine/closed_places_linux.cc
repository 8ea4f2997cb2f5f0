#include "confine/closed_places_linux.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

namespace mig {

namespace {

constexpr unsigned kMemoryDevices = 1;
// See Documentation/admin-guide/devices.txt of the kernel: null, zero, full, random, urandom.
constexpr unsigned kHarmlessMinors[] = {3, 5, 7, 8, 9};
// linux/magic.h
constexpr uint32_t kTemporaryFiles = 0x01021994;

bool isHarmlessDevice(const proc::FileStatus& status) {
  if (!S_ISCHR(status.mode) || major(status.shownDevice) != kMemoryDevices) return false;
  return std::find(std::begin(kHarmlessMinors), std::end(kHarmlessMinors), minor(status.shownDevice)) != std::end(kHarmlessMinors);
}

bool isOnTemporaryFiles(const fs::Descriptor& file) {
  struct statfs info;
  return fstatfs(file.value(), &info) == 0 && static_cast<uint32_t>(info.f_type) == kTemporaryFiles;
}

// False when it does not exist or this user cannot reach it.
bool resolve(const std::string& path, std::string& real) {
  fs::Descriptor folder;
  if (proc::openAt(AT_FDCWD, path.c_str(), O_PATH, folder) != 0) return false;
  return proc::readLinkAt(AT_FDCWD, ("/proc/self/fd/" + std::to_string(folder.value())).c_str(), real) == 0;
}

}  // namespace

int ClosedPlaces::find(const std::vector<std::string>& withheld) {
  close("/dev", Access::devices);
  for (const char* type : {"devtmpfs", "devpts"}) {
    for (const std::string& point : fs::listMountPoints(type)) close(point, Access::devices);
  }
  for (const std::string& folder : withheld) {
    std::string real;
    if (!resolve(folder, real)) continue;
    std::vector<std::string> places;
    if (!fs::listPlaces(real, places)) return ENOENT;
    for (const std::string& place : places) close(place, Access::closed);
  }
  return 0;
}

Access ClosedPlaces::accessOf(const fs::FileId& id) const {
  const auto found = byInode_.find({id.device, id.inode});
  return found == byInode_.end() ? Access::open : found->second;
}

void ClosedPlaces::close(const std::string& path, Access access) {
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) mark(path.substr(0, end), Access::aboveClosed);
  mark("/", Access::aboveClosed);
  mark(path, access);
}

// A place hidden by another mount is skipped: its path does not open it.
void ClosedPlaces::mark(const std::string& path, Access access) {
  proc::FileStatus status;
  fs::Descriptor file;
  if (proc::openAt(AT_FDCWD, path.c_str(), O_PATH | O_NOFOLLOW, file) != 0 || proc::statFile(file, status) != 0) return;
  Access& marked = byInode_[{status.id.device, status.id.inode}];
  marked = std::max(marked, access);
}

bool isGrantable(const fs::Descriptor& file, const proc::FileStatus& status, const FolderKind& folder) {
  if (S_ISLNK(status.mode)) return false;
  if (S_ISBLK(status.mode) || S_ISCHR(status.mode)) return isHarmlessDevice(status);
  if (!folder.holdsDevices) return true;
  // /dev/shm, which has files of all users.
  return S_ISDIR(status.mode) && status.id.device != folder.device && isOnTemporaryFiles(file);
}

}  // namespace mig
