#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "memory/residency.h"
#include "memory/signs.h"
#include "memory/target_memory.h"

namespace mig {

namespace {

// More would only say more often what is already said.
constexpr size_t kMaxComparedPages = 4096;

// The file behind a mapping, also when it was deleted. Only root may open it this way; else by its name.
int openMappedFile(const proc::Process& process, const proc::Mapping& mapping, fs::Descriptor& file) {
  char name[64];
  snprintf(name, sizeof name, "map_files/%llx-%llx", static_cast<unsigned long long>(mapping.start),
           static_cast<unsigned long long>(mapping.end));
  if (process.openFile(name, O_RDONLY, file) == 0) return 0;
  if (mapping.isDeleted) return ENOENT;
  if (const int error = process.openFile(("root" + mapping.path).c_str(), O_RDONLY, file); error != 0) return error;
  // Another file of that name would differ without anybody having done wrong. (Devices differ on overlays.)
  proc::FileStatus status;
  if (const int error = proc::statFile(file, status); error != 0) return error;
  return status.id.inode == mapping.inode ? 0 : ENOENT;
}

class Comparison {
 public:
  explicit Comparison(const proc::Process& process) : target_(process) {}

  // 0 or an errno value of the target; a file that cannot be read counts as not compared.
  int compare(const proc::Mapping& mapping, const fs::Descriptor& file, uint64_t page, bool& isCompared, bool& isAltered) {
    isCompared = isAltered = false;
    std::vector<size_t> got;
    memory_.resize(pageBytes());
    disk_.assign(pageBytes(), 0);
    if (const int error = target_.read({{page, memory_.size(), 0, !mapping.isReadable}}, memory_.data(), got); error != 0) return error;
    if (got[0] < memory_.size()) return 0;
    size_t onDisk = 0;
    // Beyond the end of the file a page is all zeros.
    if (proc::readAt(file, mapping.offset + (page - mapping.start), disk_.data(), disk_.size(), onDisk) != 0) return 0;
    isCompared = true;
    isAltered = memory_ != disk_;
    return 0;
  }

 private:
  TargetMemory target_;
  std::vector<uint8_t> memory_;
  std::vector<uint8_t> disk_;
};

}  // namespace

// A page that was written to is the process's own from then on, and only such a page can differ.
int findAlteredText(const proc::Process& process, AlteredText& altered, const std::atomic<bool>& stop) {
  std::vector<proc::Mapping> mappings;
  Residency residency;
  if (const int error = proc::readMappings(process, mappings); error != 0) return error;
  if (mappings.empty()) return 0;
  if (const int error = Residency::open(process, residency); error != 0) return error;
  Comparison comparison(process);
  std::map<std::string, uint64_t> pagesByPath;
  size_t compared = 0;
  std::vector<uint64_t> changed;
  for (const proc::Mapping& mapping : mappings) {
    if (!mapping.isExecutable || mapping.isShared || mapping.isAnonymous() || mapping.isSpecial()) continue;
    changed.clear();
    if (const int error = residency.listChanged(mapping.start, mapping.end, changed); error != 0) return error;
    fs::Descriptor file;
    const bool isOpen = !changed.empty() && openMappedFile(process, mapping, file) == 0;
    for (const uint64_t page : changed) {
      if (stop.load(std::memory_order_relaxed)) return ECANCELED;
      if (compared >= kMaxComparedPages) break;
      compared += 1;
      bool isCompared = false;
      bool isAltered = false;
      if (isOpen) {
        if (const int error = comparison.compare(mapping, file, page, isCompared, isAltered); error != 0) return error;
      }
      if (isAltered) pagesByPath[mapping.path] += 1;
      if (!isCompared) altered.uncomparedPages += 1;
    }
  }
  for (auto& [path, pages] : pagesByPath) altered.files.push_back({path, pages});
  return 0;
}

}  // namespace mig
