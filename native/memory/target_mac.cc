#include "memory/target_mac.h"

#include <libproc.h>
#include <mach/mach.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "proc/process_mac.h"

// From mach/mach_vm.h of newer SDKs; the functions are in libSystem.
extern "C" {
kern_return_t mach_vm_read_overwrite(vm_map_read_t target, mach_vm_address_t address, mach_vm_size_t size, mach_vm_address_t data, mach_vm_size_t* got);
kern_return_t mach_vm_page_range_query(vm_map_read_t target, mach_vm_address_t address, mach_vm_size_t size, mach_vm_address_t dispositions,
                                       mach_vm_size_t* count);
}

namespace mig {

namespace {

constexpr size_t kMaxMappings = 1 << 20;
constexpr uint64_t kWindowPages = 4096;

int errorOf(kern_return_t result) {
  switch (result) {
    case KERN_SUCCESS: return 0;
    // The result of task_for_pid(2) without permission.
    case KERN_FAILURE:
    case KERN_NO_ACCESS:
    case KERN_PROTECTION_FAILURE: return EACCES;
    // The result for an ended process.
    case KERN_INVALID_ARGUMENT:
    case MACH_SEND_INVALID_DEST: return ESRCH;
    case KERN_RESOURCE_SHORTAGE: return ENOMEM;
    default: return EIO;
  }
}

// A mapped file is deleted when its name belongs to another file or to none.
bool isGone(const char* path, const vinfo_stat& mapped) {
  struct stat named;
  if (mapped.vst_nlink == 0) return true;
  return stat(path, &named) != 0 ? errno == ENOENT : named.st_ino != mapped.vst_ino;
}

MappingKind kindOf(const Mapping& mapping, unsigned tag) {
  if (!mapping.isAnonymous) {
    if (mapping.isDeleted) return MappingKind::deletedFile;
    return mapping.isExecutable ? MappingKind::executableFile : MappingKind::file;
  }
  if (mapping.isExecutable) return MappingKind::anonymousExecutable;
  if (tag == VM_MEMORY_STACK) return MappingKind::stack;
  // VM_MEMORY_MALLOC to VM_MEMORY_MALLOC_NANO.
  if (tag >= VM_MEMORY_MALLOC && tag <= VM_MEMORY_MALLOC_NANO) return MappingKind::heap;
  return mapping.isShared ? MappingKind::shared : MappingKind::anonymous;
}

Mapping toMapping(const proc_regionwithpathinfo& region) {
  const proc_regioninfo& info = region.prp_prinfo;
  Mapping mapping;
  mapping.start = info.pri_address;
  mapping.end = info.pri_address + info.pri_size;
  mapping.offset = info.pri_offset;
  mapping.inode = region.prp_vip.vip_vi.vi_stat.vst_ino;
  mapping.isReadable = (info.pri_protection & VM_PROT_READ) != 0;
  mapping.isWritable = (info.pri_protection & VM_PROT_WRITE) != 0;
  mapping.isExecutable = (info.pri_protection & VM_PROT_EXECUTE) != 0;
  mapping.isShared = info.pri_share_mode == SM_SHARED || info.pri_share_mode == SM_TRUESHARED;
  // The system's libraries: the same memory in all processes.
  const bool isSharedCache = (info.pri_flags & PROC_REGION_SUBMAP) != 0;
  const bool isDevice = info.pri_user_tag == VM_MEMORY_IOKIT;
  mapping.isSpecial = isSharedCache || isDevice || info.pri_protection == VM_PROT_NONE;
  mapping.path = region.prp_vip.vip_path;
  mapping.isAnonymous = mapping.path.empty();
  mapping.isDeleted = mapping.isExecutable && !mapping.isAnonymous && isGone(region.prp_vip.vip_path, region.prp_vip.vip_vi.vi_stat);
  mapping.kind = kindOf(mapping, info.pri_user_tag);
  return mapping;
}

}  // namespace

uint64_t pageBytes() { return vm_page_size; }

Target::System::~System() {
  if (task != TASK_NULL) mach_port_deallocate(mach_task_self(), task);
}

int Target::System::openTask() {
  if (task != TASK_NULL) return 0;
  if (const int error = errorOf(task_for_pid(mach_task_self(), pid, &task))) return error;
  // From here on the port identifies this process.
  return proc::checkStart(pid, startTicks);
}

Target::Target() : system_(new System) {}
Target::~Target() = default;

int Target::open(int pid, uint64_t startTicks) {
  system_->pid = pid;
  system_->startTicks = startTicks;
  return proc::checkStart(pid, startTicks);
}

int Target::readMappings(std::vector<Mapping>& mappings, bool*) {
  mappings.clear();
  proc_regionwithpathinfo region{};
  uint64_t address = 0;
  errno = 0;
  while (proc_pidinfo(system_->pid, PROC_PIDREGIONPATHINFO, address, &region, sizeof region) == static_cast<int>(sizeof region)) {
    mappings.push_back(toMapping(region));
    if (mappings.size() > kMaxMappings) return EFBIG;
    const uint64_t next = region.prp_prinfo.pri_address + region.prp_prinfo.pri_size;
    if (next <= address) break;
    address = next;
    region = {};
  }
  // EINVAL: no mapping beyond this address.
  return errno == EPERM || errno == EACCES ? errno : 0;
}

bool Target::isKernelThread() { return system_->pid == 0; }

bool Target::isStillThere() { return proc::checkStart(system_->pid, system_->startTicks) == 0; }

int Target::listResident(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo) {
  ranges.clear();
  if (const int error = system_->openTask()) return error;
  std::vector<int> pages(std::min<uint64_t>(kWindowPages, (to - from) / pageBytes()));
  mach_vm_size_t count = pages.size();
  const auto dispositions = reinterpret_cast<mach_vm_address_t>(pages.data());
  if (const int error = errorOf(mach_vm_page_range_query(system_->task, from, count * pageBytes(), dispositions, &count))) return error;
  walkedTo = from;
  for (const int page : pages) {
    const uint64_t start = walkedTo;
    walkedTo += pageBytes();
    if ((page & VM_PAGE_QUERY_PAGE_PRESENT) == 0) {
      if ((page & VM_PAGE_QUERY_PAGE_PAGED_OUT) != 0) swappedBytes += pageBytes();
    } else if (!ranges.empty() && ranges.back().end == start) {
      ranges.back().end = walkedTo;
    } else {
      ranges.push_back({start, walkedTo});
    }
  }
  return 0;
}

int Target::listChanged(const Mapping& mapping, std::vector<uint64_t>& pages) {
  if (const int error = system_->openTask()) return error;
  constexpr int kChanged = VM_PAGE_QUERY_PAGE_COPIED | VM_PAGE_QUERY_PAGE_DIRTY | VM_PAGE_QUERY_PAGE_CS_TAINTED;
  std::vector<int> window(kWindowPages);
  for (uint64_t at = mapping.start; at < mapping.end; at += kWindowPages * pageBytes()) {
    mach_vm_size_t count = std::min<uint64_t>(kWindowPages, (mapping.end - at) / pageBytes());
    const uint64_t asked = count;
    const auto dispositions = reinterpret_cast<mach_vm_address_t>(window.data());
    if (const int error = errorOf(mach_vm_page_range_query(system_->task, at, count * pageBytes(), dispositions, &count))) return error;
    for (uint64_t index = 0; index < asked; index += 1) {
      if ((window[index] & VM_PAGE_QUERY_PAGE_PRESENT) != 0 && (window[index] & kChanged) != 0) pages.push_back(at + index * pageBytes());
    }
  }
  return 0;
}

int Target::read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got) {
  got.assign(pieces.size(), 0);
  if (const int error = system_->openTask()) return error;
  for (size_t index = 0; index < pieces.size(); index += 1) {
    const MemoryPiece& piece = pieces[index];
    mach_vm_size_t count = 0;
    const auto to = reinterpret_cast<mach_vm_address_t>(buffer + piece.bufferOffset);
    const kern_return_t result = mach_vm_read_overwrite(system_->task, piece.address, piece.sizeBytes, to, &count);
    if (result == KERN_SUCCESS) got[index] = count;
    // Pages unmapped since they were listed, or protected by the process; the rest may still exist.
    else if (result != KERN_INVALID_ADDRESS && result != KERN_PROTECTION_FAILURE) return errorOf(result);
  }
  return 0;
}

int Target::readOriginal(const Mapping& mapping, uint64_t address, std::vector<uint8_t>& page) {
  if (mapping.isDeleted) return ENOENT;
  System& system = *system_;
  if (system.originalPath != mapping.path) {
    system.originalPath = mapping.path;
    fs::FileInfo info;
    // Another file of that name would cause false differences.
    const bool isSame = fs::openPath(mapping.path, system.original) == 0 && fs::readInfo(system.original, info) == 0 && info.id.inode == mapping.inode;
    if (!isSame) system.original.close();
  }
  if (!system.original.isOpen()) return ENOENT;
  size_t got = 0;
  // Beyond the end of the file a page is all zeros.
  page.assign(pageBytes(), 0);
  return fs::readPiece(system.original, mapping.offset + (address - mapping.start), page.data(), page.size(), got);
}

// The mapped file, not the file that has its name now.
bool Target::isOwnedByRoot(const Mapping& mapping) {
  struct stat status;
  return stat(mapping.path.c_str(), &status) == 0 && status.st_uid == 0 && status.st_ino == mapping.inode;
}

// Never reported: to tell it from a plain deletion, all folders above would have to be checked.
bool Target::isReplaced(const Mapping&) { return false; }

}  // namespace mig
