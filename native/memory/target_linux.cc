#include "memory/target_linux.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "memory/mappings_linux.h"
#include "proc/facts.h"

namespace mig {

Target::Target() : system_(new System) {}
Target::~Target() = default;

int Target::open(int pid, uint64_t startTicks) { return proc::openProcess(pid, startTicks, system_->process); }

int Target::readMappings(std::vector<Mapping>& mappings, bool* cut) { return system_->readMappings(mappings, cut); }

bool Target::isKernelThread() {
  proc::Stat stat;
  return proc::readStat(system_->process, stat) == 0 && stat.isKernelThread;
}

bool Target::isStillThere() {
  proc::Stat stat;
  return proc::readStat(system_->process, stat) == 0;
}

int Target::System::readMappings(std::vector<Mapping>& mappings, bool* cut) { return mig::readMappings(process, fileSystems, mappings, cut); }

int Target::System::openResidency() {
  if (hasResidency) return 0;
  const int error = Residency::open(process, residency);
  hasResidency = error == 0;
  return error;
}

// In a sandbox pagemap may be missing or empty: that does not mean that the process has ended.
int Target::System::toResidencyError(int error) {
  std::vector<Mapping> now;
  if (!proc::isGone(error) || readMappings(now) != 0 || now.empty()) return error;
  return EACCES;
}

int Target::listResident(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo) {
  int error = system_->openResidency();
  if (error == 0) error = system_->residency.list(from, to, ranges, swappedBytes, walkedTo);
  return error == 0 ? 0 : system_->toResidencyError(error);
}

int Target::listChanged(const Mapping& mapping, std::vector<uint64_t>& pages) {
  int error = system_->openResidency();
  if (error == 0) error = system_->residency.listChanged(mapping.start, mapping.end, pages);
  return error == 0 ? 0 : system_->toResidencyError(error);
}

int Target::read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got) {
  return system_->memory.read(pieces, buffer, got);
}

// The file behind a mapping, even if deleted. Only root may open it this way; others open it by name.
int Target::System::openOriginal(const Mapping& mapping) {
  char name[64];
  snprintf(name, sizeof name, "map_files/%llx-%llx", static_cast<unsigned long long>(mapping.start),
           static_cast<unsigned long long>(mapping.end));
  if (process.openFile(name, O_RDONLY, original) == 0) return 0;
  if (mapping.isDeleted) return ENOENT;
  if (const int error = process.openFile(("root" + mapping.path).c_str(), O_RDONLY, original); error != 0) return error;
  // Another file of that name would cause false differences. (Device numbers differ on overlays.)
  proc::FileStatus status;
  if (const int error = proc::statFile(original, status); error != 0) return error;
  return status.id.inode == mapping.inode ? 0 : ENOENT;
}

int Target::readOriginal(const Mapping& mapping, uint64_t address, std::vector<uint8_t>& page) {
  if (system_->originalStart != mapping.start) {
    system_->originalStart = mapping.start;
    if (system_->openOriginal(mapping) != 0) system_->original.close();
  }
  if (!system_->original.isOpen()) return ENOENT;
  size_t got = 0;
  // Beyond the end of the file a page is all zeros.
  page.assign(pageBytes(), 0);
  return proc::readAt(system_->original, mapping.offset + (address - mapping.start), page.data(), page.size(), got);
}

// The mapped file, not the file that has its name now.
bool Target::isOwnedByRoot(const Mapping& mapping) {
  proc::FileStatus status;
  if (system_->process.statLink(("root" + mapping.path).c_str(), status) != 0) return false;
  return status.ownerId == 0 && status.id.inode == mapping.inode;
}

namespace {

bool isRootsAlone(const proc::FileStatus& status) {
  return status.ownerId == 0 && (status.mode & (S_IWGRP | S_IWOTH)) == 0;
}

// `libz.so.1.2.13` becomes `libz.so.1.2`. False when no version is left.
bool shortenVersion(std::string& name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || name.find(".so.") >= dot) return false;
  if (name.find_first_not_of("0123456789", dot + 1) != std::string::npos) return false;
  name.resize(dot);
  return true;
}

}  // namespace

// Folder by folder: a link or another user's folder on the way would let that user choose the file.
bool Target::isReplaced(const Mapping& mapping) {
  fs::Descriptor folder;
  proc::FileStatus status;
  if (system_->process.openFile("root", O_PATH | O_DIRECTORY, folder) != 0) return false;
  size_t from = 1;
  for (size_t slash = mapping.path.find('/', from); slash != std::string::npos; slash = mapping.path.find('/', from)) {
    fs::Descriptor next;
    const std::string name = mapping.path.substr(from, slash - from);
    if (proc::openAt(folder.value(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW, next) != 0) return false;
    if (proc::statFile(next, status) != 0 || !isRootsAlone(status)) return false;
    folder = std::move(next);
    from = slash + 1;
  }
  std::string name = mapping.path.substr(std::min(from, mapping.path.size()));
  do {
    if (proc::statAt(folder.value(), name.c_str(), status) == 0) return S_ISREG(status.mode) && isRootsAlone(status);
  } while (shortenVersion(name));
  return false;
}

}  // namespace mig
