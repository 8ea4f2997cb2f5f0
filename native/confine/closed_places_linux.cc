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

int resolve(const std::string& path, std::string& real) {
  fs::Descriptor folder;
  if (const int error = proc::openAt(AT_FDCWD, path.c_str(), O_PATH, folder); error != 0) return error;
  return proc::readLinkAt(AT_FDCWD, ("/proc/self/fd/" + std::to_string(folder.value())).c_str(), real);
}

}  // namespace

int shortageOf(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM ? error : 0; }

int ClosedPlaces::find(const std::vector<std::string>& withheld) {
  std::vector<std::string> devices{"/dev"};
  for (const char* type : {"devtmpfs", "devpts"}) {
    if (const int error = fs::listMountPoints(type, devices); error != 0) return error;
  }
  if (const int error = close(devices, Access::devices); error != 0) return error;
  for (const std::string& folder : withheld) {
    std::string real;
    std::vector<std::string> places;
    if (const int error = resolve(folder, real); error != 0) {
      if (shortageOf(error) != 0) return error;
      continue;
    }
    if (const int error = fs::listPlaces(real, places); error != 0) return error;
    if (const int error = close(places, Access::closed); error != 0) return error;
  }
  return 0;
}

Access ClosedPlaces::accessOf(const fs::FileId& id) const {
  const auto found = byInode_.find({id.device, id.inode});
  return found == byInode_.end() ? Access::open : found->second;
}

int ClosedPlaces::close(const std::vector<std::string>& paths, Access access) {
  for (const std::string& path : paths) {
    for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
      if (const int error = mark(path.substr(0, end), Access::aboveClosed); error != 0) return error;
    }
    if (const int error = mark("/", Access::aboveClosed); error != 0) return error;
    if (const int error = mark(path, access); error != 0) return error;
  }
  return 0;
}

// A place hidden by another mount is skipped: its path does not open it.
int ClosedPlaces::mark(const std::string& path, Access access) {
  proc::FileStatus status;
  fs::Descriptor file;
  if (const int error = proc::openAt(AT_FDCWD, path.c_str(), O_PATH | O_NOFOLLOW, file); error != 0) return shortageOf(error);
  if (const int error = proc::statFile(file, status); error != 0) return shortageOf(error);
  Access& marked = byInode_[{status.id.device, status.id.inode}];
  marked = std::max(marked, access);
  return 0;
}

bool isGrantable(const fs::Descriptor& file, const proc::FileStatus& status, const FolderKind& folder) {
  if (S_ISLNK(status.mode)) return false;
  if (S_ISBLK(status.mode) || S_ISCHR(status.mode)) return isHarmlessDevice(status);
  if (!folder.holdsDevices) return true;
  // /dev/shm, which has files of all users.
  return S_ISDIR(status.mode) && status.id.device != folder.device && isOnTemporaryFiles(file);
}

}  // namespace mig
