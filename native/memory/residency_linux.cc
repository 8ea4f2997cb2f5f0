#include "memory/residency_linux.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace mig {

namespace {

constexpr uint64_t kPresent = 1ull << 63;
constexpr uint64_t kSwapped = 1ull << 62;
constexpr uint64_t kFile = 1ull << 61;  // or shared anonymous memory
constexpr size_t kWindowPages = 4096;

// PAGEMAP_SCAN of linux/fs.h, since Linux 6.7: it returns ranges and skips holes, while reading returns a word for each
// missing page. It pays only for large mappings.
constexpr uint64_t kScanFromBytes = 64 << 20;
constexpr size_t kScanRegions = 512;
constexpr uint64_t kScanPresent = 1 << 3;
constexpr uint64_t kScanSwapped = 1 << 4;
constexpr uint64_t kScanZero = 1 << 5;

struct ScanRegion {
  uint64_t start;
  uint64_t end;
  uint64_t categories;
};

struct ScanArguments {
  uint64_t sizeBytes;
  uint64_t flags;
  uint64_t start;
  uint64_t end;
  uint64_t walkEnd;
  uint64_t regions;
  uint64_t regionCount;
  uint64_t maxPages;
  uint64_t categoryInverted;
  uint64_t categoryMask;
  uint64_t categoryAnyOf;
  uint64_t returned;
};

void addRange(std::vector<ResidentRange>& ranges, uint64_t start, uint64_t end) {
  if (!ranges.empty() && ranges.back().end == start) ranges.back().end = end;
  else ranges.push_back({start, end});
}

}  // namespace

uint64_t pageBytes() {
  static const auto bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

int Residency::open(const proc::Process& process, Residency& out) {
  return process.openFile("pagemap", O_RDONLY, out.pagemap_);
}

int Residency::scan(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo) {
  ScanRegion regions[kScanRegions];
  ScanArguments arguments{};
  arguments.sizeBytes = sizeof arguments;
  arguments.start = from;
  arguments.end = to;
  arguments.regions = reinterpret_cast<uint64_t>(regions);
  arguments.regionCount = kScanRegions;
  arguments.categoryAnyOf = kScanPresent | kScanSwapped;
  arguments.returned = kScanPresent | kScanSwapped | kScanZero;
  const int count = ioctl(pagemap_.value(), _IOWR('f', 16, ScanArguments), &arguments);
  if (count < 0) return errno;
  for (int index = 0; index < count; index += 1) {
    const ScanRegion& region = regions[index];
    if ((region.categories & kScanSwapped) != 0) swappedBytes += region.end - region.start;
    else if ((region.categories & kScanZero) == 0) addRange(ranges, region.start, region.end);
  }
  walkedTo = arguments.walkEnd;
  return walkedTo > from ? 0 : EIO;
}

int Residency::readEntries(uint64_t from, uint64_t to, const uint64_t*& entries, size_t& count) {
  const uint64_t page = pageBytes();
  if (window_.empty() || from < windowStart_ || from >= windowStart_ + window_.size() * page) {
    window_.resize(kWindowPages);
    windowStart_ = from;
    size_t got = 0;
    const int error = proc::readAt(pagemap_, from / page * sizeof(uint64_t), window_.data(), window_.size() * sizeof(uint64_t), got);
    window_.resize(error == 0 ? got / sizeof(uint64_t) : 0);
    if (error != 0) return error;
    // No data at all: the process has ended.
    if (window_.empty()) return ESRCH;
  }
  const size_t skipped = (from - windowStart_) / page;
  entries = window_.data() + skipped;
  count = std::min<uint64_t>(window_.size() - skipped, (to - from) / page);
  return 0;
}

int Residency::list(uint64_t from, uint64_t to, std::vector<ResidentRange>& ranges, uint64_t& swappedBytes, uint64_t& walkedTo) {
  ranges.clear();
  if (canScan_ && to - from >= kScanFromBytes) {
    const int error = scan(from, to, ranges, swappedBytes, walkedTo);
    if (error != ENOTTY && error != EINVAL) return error;
    canScan_ = false;
  }
  const uint64_t* entries = nullptr;
  size_t count = 0;
  if (const int error = readEntries(from, to, entries, count); error != 0) return error;
  walkedTo = from;
  for (size_t index = 0; index < count; index += 1, walkedTo += pageBytes()) {
    if ((entries[index] & kPresent) != 0) addRange(ranges, walkedTo, walkedTo + pageBytes());
    else if ((entries[index] & kSwapped) != 0) swappedBytes += pageBytes();
  }
  return 0;
}

int Residency::listChanged(uint64_t from, uint64_t to, std::vector<uint64_t>& pages) {
  while (from < to) {
    const uint64_t* entries = nullptr;
    size_t count = 0;
    if (const int error = readEntries(from, to, entries, count); error != 0) return error;
    for (size_t index = 0; index < count; index += 1, from += pageBytes()) {
      if ((entries[index] & (kPresent | kFile)) == kPresent) pages.push_back(from);
    }
  }
  return 0;
}

}  // namespace mig
