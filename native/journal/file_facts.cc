#include "journal/file_facts.h"

#include <algorithm>

namespace mig::journal {

namespace {

constexpr size_t kMostBoots = 256;

}  // namespace

void FileFacts::noteEntry(uint64_t realtime, const Id& boot) {
  if (realtime < lastRealtime_) backwardSteps += 1;
  lastRealtime_ = realtime;
  span.add(realtime);
  noteBoot(realtime, boot);
}

void FileFacts::noteBoot(uint64_t realtime, const Id& boot) {
  if (boots.empty() || boots[boot_].id != boot) {
    const auto known = std::find_if(boots.begin(), boots.end(), [&](const Boot& other) { return other.id == boot; });
    if (known == boots.end() && boots.size() >= kMostBoots) {
      isBootsCut = true;
      return;
    }
    boot_ = static_cast<size_t>(known - boots.begin());
    if (known == boots.end()) boots.push_back({boot, {}});
  }
  boots[boot_].span.add(realtime);
}

}  // namespace mig::journal
