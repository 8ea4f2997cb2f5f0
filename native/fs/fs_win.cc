// Windows: NtCreateFile opens files relative to the handle of their directory, so that nobody can swap in a link
// meanwhile.
#include "fs/fs_win.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fs/system_path_win.h"
#include "platform/privilege_win.h"
#include "text/wide_win.h"

namespace mig::fs {

namespace {

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr ACCESS_MASK kListAccess = FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES;
constexpr ACCESS_MASK kReadAccess = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
// The content is on a tape or in a cloud: reading would fetch it. The last two, FILE_ATTRIBUTE_RECALL_ON_OPEN and
// FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS, are missing in the headers.
constexpr DWORD kElsewhere = FILE_ATTRIBUTE_OFFLINE | 0x00040000 | 0x00400000;

// With the privilege for backups a process may read all files, as root elsewhere.
bool enableBackup() {
  static const bool isEnabled = enablePrivilege(L"SeBackupPrivilege");
  return isEnabled;
}

int readAttributes(const Descriptor& descriptor, FILE_ATTRIBUTE_TAG_INFO& attributes) {
  if (GetFileInformationByHandleEx(handleOf(descriptor), FileAttributeTagInfo, &attributes, sizeof attributes)) return 0;
  return errorOf(GetLastError());
}

int openSystemPath(const std::string& path, DWORD access, Descriptor& out) {
  enableBackup();
  const HANDLE handle = CreateFileW(toSystemPath(path).c_str(), access, kShareAll, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return errorOf(GetLastError());
  out = Descriptor(reinterpret_cast<SystemHandle>(handle));
  return 0;
}

// Opens a name that must not be a link. A file that a driver completes, such as a deduplicated one, is opened a second
// time: its raw content on disk is not the file's. Both must be the same file.
int openNoLink(const Descriptor& parent, const char* name, ACCESS_MASK access, ULONG options, Descriptor& out) {
  Descriptor opened;
  FILE_ATTRIBUTE_TAG_INFO found{};
  int error = openRelative(parent, name, access, options | FILE_OPEN_REPARSE_POINT, opened);
  if (error == 0) error = readAttributes(opened, found);
  if (error != 0) return error;
  if ((found.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    if (IsReparseTagNameSurrogate(found.ReparseTag)) return ELOOP;
    FileInfo before, after;
    Descriptor completed;
    error = readInfo(opened, before);
    if (error == 0) error = openRelative(parent, name, access, options, completed);
    if (error == 0) error = readInfo(completed, after);
    if (error != 0) return error;
    if (!(before.id == after.id)) return ELOOP;
    opened = std::move(completed);
  }
  out = std::move(opened);
  return 0;
}

int refuseElsewhere(const Descriptor& file) {
  FILE_ATTRIBUTE_TAG_INFO found{};
  if (const int error = readAttributes(file, found)) return error;
  return (found.FileAttributes & kElsewhere) != 0 ? ENOTSUP : 0;
}

// The volume's number and the file's number on it; newer file systems have 128 bits.
FileId idOf(HANDLE handle, const BY_HANDLE_FILE_INFORMATION& information) {
  FILE_ID_INFO id{};
  if (!GetFileInformationByHandleEx(handle, FileIdInfo, &id, sizeof id)) {
    return {information.dwVolumeSerialNumber, uint64_t{information.nFileIndexHigh} << 32 | information.nFileIndexLow};
  }
  uint64_t halves[2];
  static_assert(sizeof halves == sizeof id.FileId);
  memcpy(halves, &id.FileId, sizeof halves);
  return {id.VolumeSerialNumber, halves[0] ^ (halves[1] * 0x9e3779b97f4a7c15u)};
}

// The mode that Go reports, which users of the original match against.
uint32_t modeOf(DWORD attributes) {
  const uint32_t mode = (attributes & FILE_ATTRIBUTE_READONLY) != 0 ? 0444 : 0666;
  return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? mode | 0111 : mode;
}

Moment toMoment(const FILETIME& time) {
  // Units of 100 ns since 1601.
  constexpr int64_t kTicksPerSecond = 10000000;
  constexpr int64_t kEpochSeconds = 11644473600;
  const auto ticks = static_cast<int64_t>(uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime);
  return {ticks / kTicksPerSecond - kEpochSeconds, static_cast<uint32_t>(ticks % kTicksPerSecond * 100)};
}

bool isSet(const FILETIME& time) { return (time.dwLowDateTime | time.dwHighDateTime) != 0; }

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = std::exchange(other.value_, kNone);
  }
  return *this;
}

void Descriptor::close() {
  if (isOpen()) CloseHandle(handleOf(*this));
  value_ = kNone;
}

int openRelative(const Descriptor& parent, const char* name, ACCESS_MASK access, ULONG options, Descriptor& out) {
  enableBackup();
  std::wstring wide = toWide(name);
  // A ":" would open a stream of the file.
  if (wide.find_first_of(L"\\/:") != std::wstring::npos) return ENOENT;
  UNICODE_STRING text{static_cast<USHORT>(wide.size() * sizeof(wchar_t)), static_cast<USHORT>(wide.size() * sizeof(wchar_t)), wide.data()};
  OBJECT_ATTRIBUTES object{};
  InitializeObjectAttributes(&object, &text, OBJ_CASE_INSENSITIVE, handleOf(parent), nullptr);
  HANDLE handle = nullptr;
  IO_STATUS_BLOCK status{};
  constexpr ULONG kOptions = FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT | FILE_OPEN_NO_RECALL;
  const NTSTATUS result =
      NtCreateFile(&handle, access | SYNCHRONIZE, &object, &status, nullptr, 0, kShareAll, FILE_OPEN, options | kOptions, nullptr, 0);
  if (result < 0) return errorOfStatus(result);
  out = Descriptor(reinterpret_cast<SystemHandle>(handle));
  return 0;
}

int readRealPath(const Descriptor& descriptor, std::string& realPath) {
  std::wstring buffer(512, L'\0');
  for (;;) {
    const DWORD length = GetFinalPathNameByHandleW(handleOf(descriptor), buffer.data(), static_cast<DWORD>(buffer.size()), FILE_NAME_NORMALIZED);
    if (length == 0) return errorOf(GetLastError());
    const bool fits = length < buffer.size();
    buffer.resize(length);
    if (fits) return fromSystemPath(buffer, realPath) ? 0 : ENOENT;
  }
}

int resolvePath(const std::string& path, std::string& realPath) {
  Descriptor opened;
  if (const int error = openPath(path, opened)) return error;
  return readRealPath(opened, realPath);
}

int openPath(const std::string& path, Descriptor& out) { return openSystemPath(path, FILE_READ_ATTRIBUTES, out); }

int openDirectoryPath(const std::string& path, Descriptor& out) {
  Descriptor opened;
  FILE_ATTRIBUTE_TAG_INFO found{};
  int error = openSystemPath(path, kListAccess | SYNCHRONIZE, opened);
  if (error == 0) error = readAttributes(opened, found);
  if (error == 0 && (found.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) error = ENOTDIR;
  if (error == 0) out = std::move(opened);
  return error;
}

int openDirectory(const Descriptor& parent, const char* name, Descriptor& out) {
  return openNoLink(parent, name, kListAccess, FILE_DIRECTORY_FILE, out);
}

// Windows has no "..": the parent is found by the child's current path.
int openParent(const Descriptor& child, Descriptor& out) {
  std::string path;
  if (const int error = readRealPath(child, path)) return error;
  path.resize(std::min(path.rfind('/'), path.size()));
  return path.size() < 3 ? ENOENT : openDirectoryPath(path, out);
}

bool isOfTrustedOwner(const Descriptor&) { return true; }

// The owner and the time of the last change of metadata would take a call of their own.
int readInfo(const Descriptor& descriptor, FileInfo& info, InfoScope) {
  const HANDLE handle = handleOf(descriptor);
  BY_HANDLE_FILE_INFORMATION information{};
  FILE_ATTRIBUTE_TAG_INFO found{};
  if (!GetFileInformationByHandle(handle, &information)) return errorOf(GetLastError());
  const DWORD attributes = information.dwFileAttributes;
  if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) readAttributes(descriptor, found);
  info.type = GetFileType(handle) == FILE_TYPE_DISK ? typeOf(attributes, found.ReparseTag) : FileType::other;
  if (info.type == FileType::unknown) info.type = isVolumeFolder(descriptor) ? FileType::directory : FileType::link;
  info.mode = modeOf(attributes);
  info.sizeBytes = uint64_t{information.nFileSizeHigh} << 32 | information.nFileSizeLow;
  const Moment written = toMoment(information.ftLastWriteTime);
  info.mtimeSeconds = written.seconds;
  info.mtimeNanoseconds = written.nanoseconds;
  // A time that the file system does not keep is 0.
  info.facts.known = kLinks | (isSet(information.ftCreationTime) ? kBorn : 0) | (isSet(information.ftLastAccessTime) ? kAccessed : 0);
  info.facts.links = information.nNumberOfLinks;
  info.facts.born = toMoment(information.ftCreationTime);
  info.facts.accessed = toMoment(information.ftLastAccessTime);
  info.id = idOf(handle, information);
  return 0;
}

int readInfoAt(const Descriptor& directory, const char* name, FileInfo& info, InfoScope scope) {
  Descriptor opened;
  if (const int error = openRelative(directory, name, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT, opened)) return error;
  return readInfo(opened, info, scope);
}

int openLinkTarget(const Descriptor& directory, const char* name, Descriptor& out, std::string& realPath) {
  if (const int error = openRelative(directory, name, FILE_READ_ATTRIBUTES, 0, out)) return error;
  return readRealPath(out, realPath);
}

int openForReading(const Descriptor& directory, const char* name, Descriptor& out) {
  Descriptor opened;
  int error = openNoLink(directory, name, kReadAccess, FILE_NON_DIRECTORY_FILE | FILE_SEQUENTIAL_ONLY, opened);
  if (error == 0) error = refuseElsewhere(opened);
  if (error == 0) out = std::move(opened);
  return error;
}

int reopenForReading(const Descriptor& handle, Descriptor& out) {
  if (const int error = refuseElsewhere(handle)) return error;
  const HANDLE opened = ReOpenFile(handleOf(handle), kReadAccess | SYNCHRONIZE, kShareAll, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_SEQUENTIAL_SCAN);
  if (opened == INVALID_HANDLE_VALUE) return errorOf(GetLastError());
  out = Descriptor(reinterpret_cast<SystemHandle>(opened));
  return 0;
}

// Pages read by this process have the lowest memory priority (see lowerPriority): they are evicted before any others.
void avoidCaching(const Descriptor&) {}

int readPiece(const Descriptor& file, uint64_t offset, uint8_t* buffer, size_t capacity, size_t& count, bool* fromDisk) {
  count = 0;
  // The system does not say whether the pages came from disk.
  if (fromDisk != nullptr) *fromDisk = false;
  while (count < capacity) {
    const uint64_t position = offset + count;
    OVERLAPPED at{};
    at.Offset = static_cast<DWORD>(position);
    at.OffsetHigh = static_cast<DWORD>(position >> 32);
    DWORD got = 0;
    if (!ReadFile(handleOf(file), buffer + count, static_cast<DWORD>(std::min<size_t>(capacity - count, 1u << 30)), &got, &at)) {
      return GetLastError() == ERROR_HANDLE_EOF ? 0 : errorOf(GetLastError());
    }
    if (got == 0) return 0;
    count += got;
  }
  return 0;
}

}  // namespace mig::fs
