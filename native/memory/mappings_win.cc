#include "memory/mappings_win.h"

#include "platform/windows.h"

#include <psapi.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "fs/fs_win.h"
#include "fs/path_text.h"
#include "text/wide_win.h"
#include "thread/thread.h"

namespace mig {

namespace {

constexpr size_t kMaxMappings = 1 << 20;
constexpr DWORD kExecutable = PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
constexpr DWORD kWritable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;

// Drive letters by device name: "\Device\HarddiskVolume3" is "C:".
std::map<std::wstring, std::wstring> readDevices() {
  std::map<std::wstring, std::wstring> drives;
  for (wchar_t letter = L'A'; letter <= L'Z'; letter += 1) {
    const std::wstring drive = {letter, L':'};
    wchar_t device[MAX_PATH];
    if (QueryDosDeviceW(drive.c_str(), device, MAX_PATH) != 0) drives.emplace(device, drive);
  }
  return drives;
}

// The kernel names files by device; a device without a letter keeps its name.
std::wstring toDrivePath(const std::wstring& path) {
  static const auto* drives = new std::map<std::wstring, std::wstring>(readDevices());
  constexpr std::wstring_view kDos = L"\\??\\";
  constexpr std::wstring_view kNetwork = L"\\Device\\Mup\\";
  if (path.compare(0, kDos.size(), kDos) == 0) return path.substr(kDos.size());
  if (path.compare(0, kNetwork.size(), kNetwork) == 0) return L"\\\\" + path.substr(kNetwork.size());
  const size_t end = path.find(L'\\', path.find(L'\\', 1) + 1);
  if (end == std::wstring::npos) return path;
  const auto drive = drives->find(path.substr(0, end));
  return drive == drives->end() ? path : drive->second + path.substr(end);
}

// Asked once per file: many processes map the same ones.
bool isGone(const std::string& text) {
  static Mutex mutex;
  static auto* known = new std::map<std::string, bool>;
  Lock lock(mutex);
  const auto found = known->find(text);
  if (found != known->end()) return found->second;
  std::string path;
  fs::Descriptor file;
  const bool isMissing = fs::parsePath(text, path) && fs::openPath(path, file) == ENOENT;
  return known->emplace(text, isMissing).first->second;
}

class MappingReader {
 public:
  explicit MappingReader(const fs::Descriptor& process) : process_(fs::handleOf(process)) {}

  int read(std::vector<Mapping>& mappings) {
    MEMORY_BASIC_INFORMATION region{};
    uint64_t address = 0;
    while (VirtualQueryEx(process_, reinterpret_cast<const void*>(address), &region, sizeof region) == sizeof region) {
      const auto start = reinterpret_cast<uint64_t>(region.BaseAddress);
      if (region.State == MEM_COMMIT) mappings.push_back(toMapping(region));
      if (mappings.size() > kMaxMappings) return EFBIG;
      address = start + region.RegionSize;
      // The highest address.
      if (address <= start) break;
    }
    // Address 0 can always be queried, unless the process has ended.
    return address == 0 ? fs::errorOf(GetLastError()) : 0;
  }

 private:
  Mapping toMapping(const MEMORY_BASIC_INFORMATION& region) {
    Mapping mapping;
    mapping.start = reinterpret_cast<uint64_t>(region.BaseAddress);
    mapping.end = mapping.start + region.RegionSize;
    mapping.offset = mapping.start - reinterpret_cast<uint64_t>(region.AllocationBase);
    mapping.isExecutable = (region.Protect & kExecutable) != 0;
    mapping.isWritable = (region.Protect & kWritable) != 0;
    mapping.isReadable = (region.Protect & (PAGE_NOACCESS | PAGE_GUARD)) == 0;
    // Reading would consume the owner's guard page, and memory without access cannot be read at all.
    mapping.isSpecial = !mapping.isReadable;
    mapping.isShared = region.Type == MEM_MAPPED;
    if (region.Type != MEM_PRIVATE) mapping.path = pathOf(region);
    mapping.isAnonymous = mapping.path.empty();
    mapping.isDeleted = mapping.isExecutable && !mapping.isAnonymous && isGone(mapping.path);
    mapping.kind = kindOf(mapping, region);
    return mapping;
  }

  // For all regions of one allocation.
  std::string pathOf(const MEMORY_BASIC_INFORMATION& region) {
    if (region.AllocationBase == pathBase_) return path_;
    std::wstring buffer(32 << 10, L'\0');
    buffer.resize(K32GetMappedFileNameW(process_, region.AllocationBase, buffer.data(), static_cast<DWORD>(buffer.size())));
    pathBase_ = region.AllocationBase;
    path_ = fromWide(toDrivePath(buffer));
    return path_;
  }

  MappingKind kindOf(const Mapping& mapping, const MEMORY_BASIC_INFORMATION& region) {
    if ((region.Protect & PAGE_GUARD) != 0) guarded_ = region.AllocationBase;
    if (!mapping.isAnonymous) {
      if (mapping.isDeleted) return MappingKind::deletedFile;
      return mapping.isExecutable ? MappingKind::executableFile : MappingKind::file;
    }
    if (mapping.isExecutable) return MappingKind::anonymousExecutable;
    if (mapping.isShared) return MappingKind::shared;
    // A stack grows towards its guard page.
    return region.AllocationBase == guarded_ ? MappingKind::stack : MappingKind::anonymous;
  }

  const HANDLE process_;
  const void* pathBase_ = nullptr;
  std::string path_;
  const void* guarded_ = nullptr;
};

}  // namespace

int readMappings(const fs::Descriptor& process, std::vector<Mapping>& mappings) {
  mappings.clear();
  return MappingReader(process).read(mappings);
}

}  // namespace mig
