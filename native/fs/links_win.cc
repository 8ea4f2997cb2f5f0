// Reparse points: symbolic links, junctions, mounted volumes, and files that a driver completes. @see [MS-FSCC] 2.1.2
#include "fs/fs_win.h"

#include <winioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "fs/system_path_win.h"
#include "text/wide_win.h"

namespace mig::fs {

namespace {

constexpr ULONG kRelativeLink = 1;

// The header before a link's text; a symbolic link has flags between them, a mount point has none.
struct LinkHeader {
  ULONG tag;
  USHORT dataBytes;
  USHORT reserved;
  USHORT targetOffset;
  USHORT targetBytes;
  USHORT shownOffset;
  USHORT shownBytes;
};
static_assert(sizeof(LinkHeader) == 16);

struct Link {
  DWORD tag = 0;
  bool isRelative = false;
  std::wstring target;
};

int readReparsePoint(const Descriptor& descriptor, Link& link) {
  std::vector<char> buffer(MAXIMUM_REPARSE_DATA_BUFFER_SIZE);
  DWORD got = 0;
  if (!DeviceIoControl(handleOf(descriptor), FSCTL_GET_REPARSE_POINT, nullptr, 0, buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr)) {
    return GetLastError() == ERROR_NOT_A_REPARSE_POINT ? EINVAL : errorOf(GetLastError());
  }
  LinkHeader header;
  if (got < sizeof header) return EINVAL;
  memcpy(&header, buffer.data(), sizeof header);
  link.tag = header.tag;
  if (header.tag != IO_REPARSE_TAG_SYMLINK && header.tag != IO_REPARSE_TAG_MOUNT_POINT) return 0;
  size_t start = sizeof header;
  if (header.tag == IO_REPARSE_TAG_SYMLINK) {
    ULONG flags = 0;
    if (got < start + sizeof flags) return EINVAL;
    memcpy(&flags, buffer.data() + start, sizeof flags);
    link.isRelative = (flags & kRelativeLink) != 0;
    start += sizeof flags;
  }
  start += header.targetOffset;
  if (start + header.targetBytes > got) return EINVAL;
  link.target.resize(header.targetBytes / sizeof(wchar_t));
  memcpy(link.target.data(), buffer.data() + start, link.target.size() * sizeof(wchar_t));
  return 0;
}

int openReparsePoint(const Descriptor& directory, const char* name, Descriptor& out) {
  return openRelative(directory, name, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT, out);
}

}  // namespace

FileType typeOf(DWORD attributes, DWORD tag) {
  if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    if (tag == IO_REPARSE_TAG_MOUNT_POINT) return FileType::unknown;
    if (IsReparseTagNameSurrogate(tag)) return FileType::link;
    // Sockets, pipes and devices of Linux programs.
    constexpr DWORD kFirstSpecial = 0x80000023;
    constexpr DWORD kLastSpecial = 0x80000026;
    if (tag >= kFirstSpecial && tag <= kLastSpecial) return FileType::other;
  }
  if ((attributes & FILE_ATTRIBUTE_DEVICE) != 0) return FileType::other;
  return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FileType::directory : FileType::regular;
}

bool isVolumeFolder(const Descriptor& reparsePoint) {
  Link link;
  return readReparsePoint(reparsePoint, link) == 0 && link.tag == IO_REPARSE_TAG_MOUNT_POINT &&
         link.target.compare(0, 11, L"\\??\\Volume{") == 0;
}

int readLink(const Descriptor& directory, const char* name, std::string& target) {
  Descriptor opened;
  if (const int error = openReparsePoint(directory, name, opened)) return error;
  Link link;
  if (const int error = readReparsePoint(opened, link)) return error;
  if (fromSystemPath(link.target, target)) return 0;
  target = fromWide(link.target);
  std::replace(target.begin(), target.end(), '\\', '/');
  return 0;
}

}  // namespace mig::fs
