#include "memory/target_win.h"

#include "platform/windows.h"

#include <aclapi.h>
#include <psapi.h>

#include <algorithm>
#include <cerrno>

#include "fs/fs_win.h"
#include "memory/mappings_win.h"
#include "proc/process_win.h"
#include "text/wide_win.h"

namespace mig {

namespace {

constexpr DWORD kAccess = PROCESS_QUERY_INFORMATION | PROCESS_VM_READ;
constexpr size_t kWindowPages = 4096;
// The location of a page outside of the working set: 2 is the page file. Missing in the headers; 0 before Windows 8.
constexpr unsigned kLocationShift = 22;
constexpr ULONG_PTR kInPageFile = 2;

// Up to `kWindowPages` pages from an address.
int readWorkingSet(const Target::System& target, uint64_t from, uint64_t to, std::vector<PSAPI_WORKING_SET_EX_INFORMATION>& pages) {
  pages.assign(std::min<uint64_t>(kWindowPages, (to - from) / pageBytes()), {});
  for (size_t index = 0; index < pages.size(); index += 1) pages[index].VirtualAddress = reinterpret_cast<void*>(from + index * pageBytes());
  const auto bytes = static_cast<DWORD>(pages.size() * sizeof pages[0]);
  // Wine answers only for the calling process, and only with this handle.
  const HANDLE process = static_cast<DWORD>(target.pid) == GetCurrentProcessId() ? GetCurrentProcess() : fs::handleOf(target.process);
  return K32QueryWorkingSetEx(process, pages.data(), bytes) ? 0 : fs::errorOf(GetLastError());
}

// The Windows Modules Installer: S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464.
bool isInstaller(PSID sid) {
  constexpr DWORD kParts[] = {80, 956008885, 3418522649, 1831038044, 1853292631, 2271478464};
  if (*GetSidSubAuthorityCount(sid) != std::size(kParts)) return false;
  for (DWORD index = 0; index < std::size(kParts); index += 1) {
    if (*GetSidSubAuthority(sid, index) != kParts[index]) return false;
  }
  return true;
}

}  // namespace

uint64_t pageBytes() { return 4096; }

Target::Target() : system_(new System) {}
Target::~Target() = default;

int Target::open(int pid, uint64_t startTicks) {
  system_->pid = pid;
  system_->startTicks = startTicks;
  return proc::openProcess(pid, startTicks, kAccess, system_->process);
}

int Target::readMappings(std::vector<Mapping>& mappings, bool*) { return mig::readMappings(system_->process, mappings); }

// Kernel processes cannot be opened for reading.
bool Target::isKernelThread() { return false; }

// An open handle identifies one process for good.
bool Target::isStillThere() {
  DWORD exitCode = 0;
  return GetExitCodeProcess(fs::handleOf(system_->process), &exitCode) && exitCode == STILL_ACTIVE;
}

int Target::listResident(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo) {
  ranges.clear();
  std::vector<PSAPI_WORKING_SET_EX_INFORMATION> pages;
  if (const int error = readWorkingSet(*system_, from, to, pages)) return error;
  walkedTo = from;
  for (const PSAPI_WORKING_SET_EX_INFORMATION& page : pages) {
    const uint64_t start = walkedTo;
    walkedTo += pageBytes();
    if (page.VirtualAttributes.Valid == 0) {
      if ((page.VirtualAttributes.Flags >> kLocationShift & 3) == kInPageFile) swappedBytes += pageBytes();
    } else if (!ranges.empty() && ranges.back().end == start) {
      ranges.back().end = walkedTo;
    } else {
      ranges.push_back({start, walkedTo});
    }
  }
  return 0;
}

int Target::listChanged(const Mapping& mapping, std::vector<uint64_t>& pages) {
  std::vector<PSAPI_WORKING_SET_EX_INFORMATION> window;
  for (uint64_t at = mapping.start; at < mapping.end; at += window.size() * pageBytes()) {
    if (const int error = readWorkingSet(*system_, at, mapping.end, window)) return error;
    for (size_t index = 0; index < window.size(); index += 1) {
      const auto& attributes = window[index].VirtualAttributes;
      if (attributes.Valid != 0 && attributes.Shared == 0) pages.push_back(at + index * pageBytes());
    }
  }
  return 0;
}

int Target::read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got) {
  got.assign(pieces.size(), 0);
  const HANDLE process = fs::handleOf(system_->process);
  for (size_t index = 0; index < pieces.size(); index += 1) {
    const MemoryPiece& piece = pieces[index];
    SIZE_T count = 0;
    const bool isWhole = ReadProcessMemory(process, reinterpret_cast<const void*>(piece.address), buffer + piece.bufferOffset, piece.sizeBytes, &count);
    got[index] = count;
    // Pages unmapped since they were listed; the rest may still exist.
    if (isWhole || GetLastError() == ERROR_PARTIAL_COPY || GetLastError() == ERROR_NOACCESS) continue;
    return isStillThere() ? fs::errorOf(GetLastError()) : ESRCH;
  }
  return 0;
}

int Target::readOriginal(const Mapping& mapping, uint64_t address, std::vector<uint8_t>& page) {
  System& system = *system_;
  const uint64_t base = mapping.start - mapping.offset;
  if (system.imageBase != base) {
    system.imageBase = base;
    system.image = LoadedImage();
    system.imageError = system.image.open(mapping.path, base);
  }
  if (system.imageError != 0) return system.imageError;
  const uint64_t offset = address - base;
  if (const int error = system.image.read(offset, page)) return error;
  // The addresses that the loader writes are copied from the target, so that they do not differ.
  const LoadedImage::Range& imports = system.image.imports();
  const uint64_t start = std::max(offset, imports.start);
  const uint64_t end = std::min(offset + page.size(), imports.end);
  std::vector<size_t> got;
  return start < end ? read({{base + start, end - start, start - offset, false}}, page.data(), got) : 0;
}

bool Target::isOwnedByRoot(const Mapping& mapping) {
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const std::wstring path = toWide(mapping.path);
  if (GetNamedSecurityInfoW(path.c_str(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr, nullptr, &descriptor) != ERROR_SUCCESS) return false;
  const bool isOwned = IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid) || isInstaller(owner);
  LocalFree(descriptor);
  return isOwned;
}

// While another file has its name, no file counts as deleted here.
bool Target::isReplaced(const Mapping&) { return false; }

}  // namespace mig
