#include <cerrno>
#include <map>

#include "memory/signs.h"

namespace mig {

namespace {

// int3
constexpr uint8_t kBreakpoint = 0xcc;
// A program that patches all of its code would keep the search busy.
constexpr size_t kMaxComparedPages = 4096;

class Comparison {
 public:
  explicit Comparison(Target& target) : target_(target) {}

  // 0 or an errno value of the target; an unreadable file counts as not compared.
  int compare(const Mapping& mapping, uint64_t page, bool& isCompared, AlteredFile& file) {
    isCompared = false;
    std::vector<size_t> got;
    memory_.resize(pageBytes());
    original_.assign(pageBytes(), 0);
    if (const int error = target_.read({{page, memory_.size(), 0, !mapping.isReadable}}, memory_.data(), got); error != 0) return error;
    if (got[0] < memory_.size() || target_.readOriginal(mapping, page, original_) != 0) return 0;
    isCompared = true;
    if (memory_ == original_) return 0;
    file.pages += 1;
    for (size_t at = 0; at < memory_.size(); at += 1) {
      if (memory_[at] != original_[at] && memory_[at] != kBreakpoint) file.hasBreakpointsOnly = false;
    }
    return 0;
  }

 private:
  Target& target_;
  std::vector<uint8_t> memory_;
  std::vector<uint8_t> original_;
};

}  // namespace

// A written page becomes the process's own copy, and only such a page can differ.
int findAlteredText(Target& target, AlteredText& altered, const std::atomic<bool>& stop) {
  std::vector<Mapping> mappings;
  if (const int error = target.readMappings(mappings, &altered.isCut); error != 0) return error;
  Comparison comparison(target);
  std::map<std::string, AlteredFile> files;
  size_t compared = 0;
  std::vector<uint64_t> changed;
  for (const Mapping& mapping : mappings) {
    if (!mapping.isExecutable || mapping.isShared || mapping.isAnonymous || mapping.isSpecial) continue;
    if (mapping.isRemote) {
      altered.remoteMappings += 1;
      continue;
    }
    changed.clear();
    if (const int error = target.listChanged(mapping, changed); error != 0) return error;
    for (const uint64_t page : changed) {
      if (stop.load(std::memory_order_relaxed)) return ECANCELED;
      if (compared >= kMaxComparedPages) {
        altered.isCut = true;
        break;
      }
      compared += 1;
      bool isCompared = false;
      if (const int error = comparison.compare(mapping, page, isCompared, files[mapping.path]); error != 0) return error;
      if (!isCompared) altered.uncomparedPages += 1;
    }
  }
  for (auto& [path, file] : files) {
    if (file.pages == 0) continue;
    file.path = path;
    altered.files.push_back(std::move(file));
  }
  return 0;
}

}  // namespace mig
