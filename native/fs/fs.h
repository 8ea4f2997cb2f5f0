// The file functions of the scan. Names are bytes; links are not followed unless a function says so. Every function
// returns 0 or an errno value. There is one implementation per system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mig::fs {

// The system's own handle of an open file: a file descriptor, on Windows a HANDLE.
#if defined(_WIN32)
using SystemHandle = intptr_t;
#else
using SystemHandle = int;
#endif

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(SystemHandle value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, kNone)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }
  SystemHandle value() const { return value_; }
  bool isOpen() const { return value_ != kNone; }
  void close();

 private:
  static constexpr SystemHandle kNone = -1;

  SystemHandle value_ = kNone;
};

struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;
  bool operator==(const FileId& other) const { return device == other.device && inode == other.inode; }
};

enum class FileType : uint8_t { unknown, regular, directory, link, other };

// Since 1970.
struct Moment {
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;
};

// Parts of FileFacts. The bits are those of statx(2), which are copied for every file.
enum Fact : uint32_t { kLinks = 0x4, kOwner = 0x8, kGroup = 0x10, kAccessed = 0x20, kChanged = 0x80, kBorn = 0x800 };
// Marks that keep a file from being changed, see chattr(1); the bits of statx(2), too.
enum Mark : uint32_t { kImmutable = 0x10, kAppendOnly = 0x20 };

// What `InfoScope::all` adds. Only the parts in `known` have a meaning, and the marks in `knownMarks`; `known` also says
// whether the owner is.
struct FileFacts {
  uint32_t known = 0;
  uint32_t marks = 0;
  uint32_t knownMarks = 0;
  uint32_t links = 0;
  Moment changed;  // content or metadata
  Moment born;
  Moment accessed;

  bool knows(Fact fact) const { return (known & fact) != 0; }
};

enum class InfoScope : uint8_t { basic, all };

struct FileInfo {
  FileType type = FileType::unknown;
  uint32_t mode = 0;  // permission bits and setuid, setgid, sticky
  uint32_t user = 0;  // and the group: of the owner, not on Windows
  uint32_t group = 0;
  uint64_t sizeBytes = 0;
  int64_t mtimeSeconds = 0;
  uint32_t mtimeNanoseconds = 0;
  FileId id;
  FileFacts facts;

  bool isSameVersion(const FileInfo& other) const {
    return sizeBytes == other.sizeBytes && mtimeSeconds == other.mtimeSeconds && mtimeNanoseconds == other.mtimeNanoseconds;
  }
};

struct Entry {
  const char* name = nullptr;  // valid until the next call
  size_t nameBytes = 0;
  FileType type = FileType::unknown;
};

// Lists one directory after the other in file system order, without "." and "..". Its buffer is large.
class DirectoryReader {
 public:
  DirectoryReader();
  ~DirectoryReader();
  // The directory must stay open until its end was reached or another one is begun.
  void begin(const Descriptor& directory);
  // False at the end or on an error; `error` is then 0 or an errno value.
  bool next(Entry& entry, int& error);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The mount points of network and pseudo file systems, read once, so that the scan never touches a dead server's mount.
class Mounts {
 public:
  static Mounts read();
  bool isAvoided(const std::string& realPath) const { return avoided_.count(realPath) != 0; }
  // Whether the path is an avoided mount point or lies below one.
  bool isBelowAvoided(const std::string& realPath) const;

 private:
  std::unordered_set<std::string> avoided_;
};

// Both paths are absolute and without links.
bool isAtOrBelow(const std::string& path, const std::string& folder);

// A folder or file that a bind mount shows under a second name.
struct Alias {
  std::string path;      // the mount point
  std::string original;  // the same place in the rest of the file system
};
// The bind mounts that this mount namespace shows; none on systems without bind mounts.
std::vector<Alias> listAliases();

// Linux only: every path at which a mount shows the folder or a part of it, the folder's own path first.
int listPlaces(const std::string& folder, std::vector<std::string>& places);
// Linux only: the mount points of this file system type.
int listMountPoints(const std::string& type, std::vector<std::string>& points);

enum class FileSystemKind : uint8_t { local, network, pseudo };
int readFileSystemKind(const Descriptor& descriptor, FileSystemKind& kind);

// The absolute path without links; the path must exist.
int resolvePath(const std::string& path, std::string& realPath);
// The path of an open file or directory, without links; a deleted one has none.
int readRealPath(const Descriptor& descriptor, std::string& realPath);
// The users' home folders from the local user table, each once; no directory service is asked.
std::vector<std::string> listHomes();
// A handle that is not for reading; the path may contain links.
int openPath(const std::string& path, Descriptor& out);
int openDirectoryPath(const std::string& path, Descriptor& out);
int openDirectory(const Descriptor& parent, const char* name, Descriptor& out);
int openParent(const Descriptor& child, Descriptor& out);
int readInfo(const Descriptor& descriptor, FileInfo& info, InfoScope scope = InfoScope::basic);
// Linux only: the raw value of the capabilities that a program gets; empty for none.
int readCapabilities(const Descriptor& file, std::string& value);
// Whether the owner is root or this process's user, so that no other user has written the file. Always true on
// Windows.
bool isOfTrustedOwner(const Descriptor& descriptor);
int readInfoAt(const Descriptor& directory, const char* name, FileInfo& info, InfoScope scope = InfoScope::basic);
int readLink(const Descriptor& directory, const char* name, std::string& target);
// Follows a link to its end without opening the target for reading; `realPath` is the target's path.
int openLinkTarget(const Descriptor& directory, const char* name, Descriptor& out, std::string& realPath);
// Never waits for a pipe or a device, and keeps the access time if the system allows it.
int openForReading(const Descriptor& directory, const char* name, Descriptor& out);
// Opens the file of a handle from openPath or openLinkTarget.
int reopenForReading(const Descriptor& handle, Descriptor& out);

// Reads up to `capacity` bytes at `offset`; fewer only at the end of the file. Pages that were not in the page cache
// before are dropped again; `fromDisk` says whether there were any.
int readPiece(const Descriptor& file, uint64_t offset, uint8_t* buffer, size_t capacity, size_t& count, bool* fromDisk = nullptr);
// Call once before readPiece for files larger than `kAvoidCachingFromBytes`; smaller ones are not worth the calls.
void avoidCaching(const Descriptor& file);
constexpr uint64_t kAvoidCachingFromBytes = 64 * 1024;

std::string describeError(int error);

}  // namespace mig::fs
