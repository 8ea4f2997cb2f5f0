// The mounts that a scan does not enter by default, by statfs(2) of macOS.
#include <sys/mount.h>
#include <sys/param.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig::fs {

namespace {

bool isPseudo(const struct statfs& mount) {
  const std::string_view type = mount.f_fstypename;
  return type == "devfs" || type == "autofs" || type == "fdesc" || type == "procfs";
}

FileSystemKind kindOf(const struct statfs& mount) {
  if (isPseudo(mount)) return FileSystemKind::pseudo;
  return (mount.f_flags & MNT_LOCAL) == 0 ? FileSystemKind::network : FileSystemKind::local;
}

// Volumes of the system disk. Links in the root folder show their content, so a scan would visit it twice.
bool isSystemVolume(const struct statfs& mount) {
  const std::string_view path = mount.f_mntonname;
  return (mount.f_flags & MNT_DONTBROWSE) != 0 && path.substr(0, 16) == "/System/Volumes/";
}

}  // namespace

Mounts Mounts::read() {
  Mounts mounts;
  // MNT_NOWAIT asks no server: it returns what the kernel knows.
  int count = getfsstat(nullptr, 0, MNT_NOWAIT);
  if (count <= 0) return mounts;
  std::vector<struct statfs> table(static_cast<size_t>(count) + 16);
  count = getfsstat(table.data(), static_cast<int>(table.size() * sizeof(struct statfs)), MNT_NOWAIT);
  for (int index = 0; index < count; index += 1) {
    const struct statfs& mount = table[static_cast<size_t>(index)];
    if (kindOf(mount) != FileSystemKind::local || isSystemVolume(mount)) {
      mounts.avoided_.insert(mount.f_mntonname);
    } else {
      mounts.avoided_.erase(mount.f_mntonname);
    }
  }
  return mounts;
}

int readFileSystemKind(const Descriptor& descriptor, FileSystemKind& kind) {
  struct statfs mount;
  if (fstatfs(descriptor.value(), &mount) != 0) return errno;
  kind = kindOf(mount);
  return 0;
}

std::vector<Alias> listAliases() { return {}; }

}  // namespace mig::fs
