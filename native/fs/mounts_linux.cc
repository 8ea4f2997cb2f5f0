// The mounts that a scan does not enter by default: network and pseudo file systems.
#include <sys/statfs.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string>

#include "fs/fs.h"
#include "proc/mount_table_linux.h"

namespace mig::fs {

namespace {

const std::unordered_set<std::string>& networkTypes() {
  static const auto* types = new std::unordered_set<std::string>{
      "nfs",  "nfs4",  "cifs",   "smb3",   "smbfs",  "afs",    "9p",    "ceph",  "coda",
      "ncpfs", "lustre", "gpfs", "beegfs", "glusterfs", "virtiofs", "vboxsf", "vmhgfs", "fuse"};
  return *types;
}

const std::unordered_set<std::string>& pseudoTypes() {
  static const auto* types = new std::unordered_set<std::string>{
      "proc",     "sysfs",   "cgroup", "cgroup2", "debugfs", "tracefs",     "securityfs", "pstore", "bpf",      "configfs",
      "fusectl",  "mqueue",  "devpts", "autofs",  "rpc_pipefs", "nfsd",     "nsfs",       "binfmt_misc", "efivarfs", "selinuxfs",
      "hugetlbfs", "xenfs", "functionfs", "gadgetfs", "oprofilefs", "spufs"};
  return *types;
}

bool isAvoidedType(const std::string& type) {
  // "fuse.sshfs" and others; "fuseblk" is a local disk.
  return networkTypes().count(type) != 0 || pseudoTypes().count(type) != 0 || type.rfind("fuse.", 0) == 0;
}

// The kernel escapes blanks and backslashes in mountinfo, such as `\040`.
std::string decodeOctal(const std::string& text) {
  std::string out;
  for (size_t index = 0; index < text.size(); index += 1) {
    if (text[index] == '\\' && index + 3 < text.size()) {
      out += static_cast<char>(strtol(text.substr(index + 1, 3).c_str(), nullptr, 8));
      index += 3;
    } else {
      out += text[index];
    }
  }
  return out;
}

std::string fieldAt(const std::string& line, size_t wanted, size_t from = 0) {
  size_t start = from;
  for (size_t index = 0; index < wanted; index += 1) {
    start = line.find(' ', start);
    if (start == std::string::npos) return "";
    start += 1;
  }
  return line.substr(start, line.find(' ', start) - start);
}

struct Mount {
  std::string device;
  std::string root;  // within its file system
  std::string path;
  std::string type;
};

// Fields of proc_pid_mountinfo(5): the third to the fifth, and the type of the file system, after " - ".
int readMounts(std::vector<Mount>& mounts) {
  std::string table;
  if (const int error = proc::readMountTable(table); error != 0) return error;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    const size_t separator = line.find(" - ");
    if (separator == std::string::npos) continue;
    mounts.push_back({fieldAt(line, 2), decodeOctal(fieldAt(line, 3)), decodeOctal(fieldAt(line, 4)), fieldAt(line, 0, separator + 3)});
  }
  return 0;
}

// None when they cannot be read.
std::vector<Mount> listMounts() {
  std::vector<Mount> mounts;
  readMounts(mounts);
  return mounts;
}

// `path` with `from` at its beginning replaced by `to`.
std::string rebase(const std::string& path, const std::string& from, const std::string& to) {
  const std::string rest = from == "/" ? (path == "/" ? "" : path) : path.substr(from.size());
  return to == "/" ? (rest.empty() ? "/" : rest) : to + rest;
}

}  // namespace

Mounts Mounts::read() {
  Mounts mounts;
  for (const Mount& mount : listMounts()) {
    // A later mount on the same point hides the earlier one.
    if (isAvoidedType(mount.type)) {
      mounts.avoided_.insert(mount.path);
    } else {
      mounts.avoided_.erase(mount.path);
    }
  }
  return mounts;
}

// The mounts of one file system are compared by their roots: those that show more of it give the original names.
std::vector<Alias> listAliases() {
  std::vector<Alias> aliases;
  const std::vector<Mount> mounts = listMounts();
  for (const Mount& mount : mounts) {
    if (mount.root == "/") continue;
    for (const Mount& other : mounts) {
      const bool showsMore = other.device == mount.device && other.root.size() < mount.root.size() && isAtOrBelow(mount.root, other.root);
      if (showsMore) aliases.push_back({mount.path, rebase(mount.root, other.root, other.path)});
    }
  }
  return aliases;
}

// A mount hidden by another one adds places too many, never too few.
int listPlaces(const std::string& folder, std::vector<std::string>& places) {
  places = {folder};
  std::vector<Mount> mounts;
  if (const int error = readMounts(mounts); error != 0) return error;
  for (const Mount& own : mounts) {
    const bool isInside = isAtOrBelow(own.path, folder);
    if (!isInside && !isAtOrBelow(folder, own.path)) continue;
    // The path within the file system.
    const std::string inner = isInside ? own.root : rebase(folder, own.path, own.root);
    for (const Mount& other : mounts) {
      if (other.device != own.device) continue;
      if (isAtOrBelow(inner, other.root)) places.push_back(rebase(inner, other.root, other.path));
      else if (isAtOrBelow(other.root, inner)) places.push_back(other.path);
    }
  }
  return 0;
}

int listMountPoints(const std::string& type, std::vector<std::string>& points) {
  std::vector<Mount> mounts;
  if (const int error = readMounts(mounts); error != 0) return error;
  for (const Mount& mount : mounts) {
    if (mount.type == type) points.push_back(mount.path);
  }
  return 0;
}

// Magic numbers of statfs(2) and linux/magic.h, for file systems mounted after mountinfo was read.
int readFileSystemKind(const Descriptor& descriptor, FileSystemKind& kind) {
  struct statfs info;
  if (fstatfs(descriptor.value(), &info) != 0) return errno;
  switch (static_cast<uint32_t>(info.f_type)) {
    case 0x6969:      // NFS
    case 0xff534d42:  // CIFS
    case 0xfe534d42:  // SMB2
    case 0x517b:      // SMB
    case 0x5346414f:  // AFS
    case 0x01021997:  // 9P
    case 0x00c36400:  // Ceph
    case 0x73757245:  // Coda
    case 0x564c:      // NCP
    case 0x0bd00bd0:  // Lustre
    case 0x65735546:  // FUSE, also virtiofs
    case 0x786f4256:  // VirtualBox shared folder
      kind = FileSystemKind::network;
      return 0;
    case 0x9fa0:      // proc
    case 0x62656572:  // sysfs
    case 0x27e0eb:    // cgroup
    case 0x63677270:  // cgroup2
    case 0x64626720:  // debugfs
    case 0x74726163:  // tracefs
    case 0x73636673:  // securityfs
    case 0x6165676c:  // pstore
    case 0xcafe4a11:  // bpf
    case 0x62656570:  // configfs
    case 0x65735543:  // fusectl
    case 0x19800202:  // mqueue
    case 0x1cd1:      // devpts
    case 0x0187:      // autofs
    case 0x67596969:  // rpc_pipefs
    case 0x6e736673:  // nsfs
    case 0x42494e4d:  // binfmt_misc
    case 0xde5e81e4:  // efivarfs
    case 0xf97cff8c:  // selinux
    case 0x6e667364:  // nfsd
    case 0xabba1974:  // xenfs
    case 0xa647361:   // functionfs
    case 0xaee71ee7:  // gadgetfs
    case 0x6f70726f:  // oprofilefs
    case 0x23c9b64e:  // spufs
      kind = FileSystemKind::pseudo;
      return 0;
    default:
      kind = FileSystemKind::local;
      return 0;
  }
}

}  // namespace mig::fs
