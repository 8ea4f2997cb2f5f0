#include <cerrno>
#include <map>

#include "memory/signs.h"

namespace mig {

namespace {

// More would only say more often what is already said.
constexpr size_t kMaxComparedPages = 4096;

class Comparison {
 public:
  explicit Comparison(Target& target) : target_(target) {}

  // 0 or an errno value of the target; a file that cannot be read counts as not compared.
  int compare(const Mapping& mapping, uint64_t page, bool& isCompared, bool& isAltered) {
    isCompared = isAltered = false;
    std::vector<size_t> got;
    memory_.resize(pageBytes());
    original_.assign(pageBytes(), 0);
    if (const int error = target_.read({{page, memory_.size(), 0, !mapping.isReadable}}, memory_.data(), got); error != 0) return error;
    if (got[0] < memory_.size() || target_.readOriginal(mapping, page, original_) != 0) return 0;
    isCompared = true;
    isAltered = memory_ != original_;
    return 0;
  }

 private:
  Target& target_;
  std::vector<uint8_t> memory_;
  std::vector<uint8_t> original_;
};

}  // namespace

// A page that was written to is the process's own from then on, and only such a page can differ.
int findAlteredText(Target& target, AlteredText& altered, const std::atomic<bool>& stop) {
  std::vector<Mapping> mappings;
  if (const int error = target.readMappings(mappings); error != 0) return error;
  Comparison comparison(target);
  std::map<std::string, uint64_t> pagesByPath;
  size_t compared = 0;
  std::vector<uint64_t> changed;
  for (const Mapping& mapping : mappings) {
    if (!mapping.isExecutable || mapping.isShared || mapping.isAnonymous || mapping.isSpecial) continue;
    changed.clear();
    if (const int error = target.listChanged(mapping, changed); error != 0) return error;
    for (const uint64_t page : changed) {
      if (stop.load(std::memory_order_relaxed)) return ECANCELED;
      if (compared >= kMaxComparedPages) break;
      compared += 1;
      bool isCompared = false;
      bool isAltered = false;
      if (const int error = comparison.compare(mapping, page, isCompared, isAltered); error != 0) return error;
      if (isAltered) pagesByPath[mapping.path] += 1;
      if (!isCompared) altered.uncomparedPages += 1;
    }
  }
  for (auto& [path, pages] : pagesByPath) altered.files.push_back({path, pages});
  return 0;
}

}  // namespace mig
