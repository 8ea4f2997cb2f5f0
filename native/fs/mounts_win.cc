// The drives and folders that a scan does not enter by default: network drives, and volumes mounted in a folder, which
// may contain themselves. Windows has no pseudo file systems.
#include "fs/fs_win.h"
#include "fs/path_text.h"
#include "text/wide_win.h"

namespace mig::fs {

namespace {

// FILE_REMOTE_DEVICE of the driver headers.
constexpr ULONG kRemoteDevice = 0x10;

// The drive letters and folders where a volume is mounted.
std::vector<std::string> listPlaces(const wchar_t* volume) {
  std::vector<wchar_t> names(1024);
  DWORD length = 0;
  while (!GetVolumePathNamesForVolumeNameW(volume, names.data(), static_cast<DWORD>(names.size()), &length)) {
    if (GetLastError() != ERROR_MORE_DATA || length <= names.size()) return {};
    names.resize(length);
  }
  std::vector<std::string> places;
  for (const wchar_t* name = names.data(); *name != 0; name += wcslen(name) + 1) {
    std::string path;
    if (parsePath(fromWide(name), path)) places.push_back(path);
  }
  return places;
}

bool isFolder(const std::string& path) { return path.size() > 3; }

}  // namespace

Mounts Mounts::read() {
  Mounts mounts;
  mounts.avoided_.insert("/UNC");
  const DWORD drives = GetLogicalDrives();
  for (char letter = 'A'; letter <= 'Z'; letter += 1) {
    const wchar_t root[] = {static_cast<wchar_t>(letter), L':', L'\\', 0};
    if ((drives >> (letter - 'A') & 1) != 0 && GetDriveTypeW(root) == DRIVE_REMOTE) mounts.avoided_.insert({'/', letter, ':'});
  }
  wchar_t volume[MAX_PATH];
  const HANDLE volumes = FindFirstVolumeW(volume, MAX_PATH);
  if (volumes == INVALID_HANDLE_VALUE) return mounts;
  do {
    for (const std::string& place : listPlaces(volume)) {
      if (isFolder(place)) mounts.avoided_.insert(place);
    }
  } while (FindNextVolumeW(volumes, volume, MAX_PATH));
  FindVolumeClose(volumes);
  return mounts;
}

int readFileSystemKind(const Descriptor& descriptor, FileSystemKind& kind) {
  FILE_FS_DEVICE_INFORMATION device{};
  IO_STATUS_BLOCK status{};
  const NTSTATUS result = NtQueryVolumeInformationFile(handleOf(descriptor), &status, &device, sizeof device, FileFsDeviceInformation);
  if (result != 0) return errorOfStatus(result);
  kind = (device.Characteristics & kRemoteDevice) != 0 ? FileSystemKind::network : FileSystemKind::local;
  return 0;
}

std::vector<Alias> listAliases() { return {}; }

}  // namespace mig::fs
