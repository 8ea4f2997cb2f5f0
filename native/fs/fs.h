// What the scan needs of an operating system's files: names are bytes, links are not followed unless a function says so,
// and every function returns 0 or an errno value. One implementation per system behind it.
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

// What the system knows an open file by: a file descriptor, on Windows a HANDLE.
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

struct FileInfo {
  FileType type = FileType::unknown;
  uint32_t mode = 0;  // permission bits and setuid, setgid, sticky
  uint64_t sizeBytes = 0;
  int64_t mtimeSeconds = 0;
  uint32_t mtimeNanoseconds = 0;
  FileId id;

  bool isSameVersion(const FileInfo& other) const {
    return sizeBytes == other.sizeBytes && mtimeSeconds == other.mtimeSeconds && mtimeNanoseconds == other.mtimeNanoseconds;
  }
};

struct Entry {
  const char* name = nullptr;  // until the next call
  size_t nameBytes = 0;
  FileType type = FileType::unknown;
};

// Lists one directory after the other in the order of the file system, without "." and "..". It has a large buffer.
class DirectoryReader {
 public:
  DirectoryReader();
  ~DirectoryReader();
  // The directory must stay open until its end was reached or another is begun.
  void begin(const Descriptor& directory);
  // False at the end or on an error; `error` is then 0 or an errno value.
  bool next(Entry& entry, int& error);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Where network and pseudo file systems are mounted, read once, so that a dead server's mount is never touched.
class Mounts {
 public:
  static Mounts read();
  bool isAvoided(const std::string& realPath) const { return avoided_.count(realPath) != 0; }
  // Whether the path is an avoided mount point or lies below one.
  bool isBelowAvoided(const std::string& realPath) const;

 private:
  std::unordered_set<std::string> avoided_;
};

// Of paths that are absolute and without links.
bool isAtOrBelow(const std::string& path, const std::string& folder);

// A folder or file that is there under a second name.
struct Alias {
  std::string path;      // where it is mounted
  std::string original;  // where the rest of its file system has it
};
// The bind mounts, by what this mount namespace shows of their file systems; none on systems without such mounts.
std::vector<Alias> listAliases();

// Linux only: every place where a mount shows the folder, or a part of it, the folder itself first. False when mounts cannot
// be listed.
bool listPlaces(const std::string& folder, std::vector<std::string>& places);
// Linux only: where file systems of this type are mounted.
std::vector<std::string> listMountPoints(const std::string& type);

enum class FileSystemKind : uint8_t { local, network, pseudo };
int readFileSystemKind(const Descriptor& descriptor, FileSystemKind& kind);

// The absolute path without links; the path must exist.
int resolvePath(const std::string& path, std::string& realPath);
// Where an open file or directory is, without links; a deleted one has no path.
int readRealPath(const Descriptor& descriptor, std::string& realPath);
// The users' home folders by the local table of users, each once; no directory service is asked.
std::vector<std::string> listHomes();
// A handle of a path that may be or contain links, not for reading.
int openPath(const std::string& path, Descriptor& out);
int openDirectoryPath(const std::string& path, Descriptor& out);
int openDirectory(const Descriptor& parent, const char* name, Descriptor& out);
int openParent(const Descriptor& child, Descriptor& out);
int readInfo(const Descriptor& descriptor, FileInfo& info);
// Whether it is root's or this process's own user's, so that no other user has written it. Windows is not asked.
bool isOfTrustedOwner(const Descriptor& descriptor);
int readInfoAt(const Descriptor& directory, const char* name, FileInfo& info);
int readLink(const Descriptor& directory, const char* name, std::string& target);
// Follows a link to its end without opening what it finds; `realPath` is where that is.
int openLinkTarget(const Descriptor& directory, const char* name, Descriptor& out, std::string& realPath);
// Never waits for a pipe or a device, never changes the access time where the system allows that.
int openForReading(const Descriptor& directory, const char* name, Descriptor& out);
// Opens what a handle from openPath or openLinkTarget stands for.
int reopenForReading(const Descriptor& handle, Descriptor& out);

// Reads up to `capacity` bytes at `offset`; fewer only at the end of the file. Pages that were not in the page cache
// before are dropped from it again; `fromDisk` tells whether there were any.
int readPiece(const Descriptor& file, uint64_t offset, uint8_t* buffer, size_t capacity, size_t& count, bool* fromDisk = nullptr);
// To be called once before readPiece for files larger than `kPoliteFromBytes`; smaller ones are not worth the calls.
void preparePoliteReading(const Descriptor& file);
constexpr uint64_t kPoliteFromBytes = 64 * 1024;

std::string describeError(int error);

}  // namespace mig::fs
