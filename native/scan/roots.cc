#include "scan/roots.h"

#include <algorithm>

namespace mig {

void Roots::activate(const fs::FileId& id, size_t pathBytes, std::vector<ActiveSearch>& searches) {
  const auto found = directories_.find(id);
  if (found == directories_.end()) return;
  for (const size_t root : found->second) {
    if (isTaken_[root].exchange(true)) continue;
    for (const uint32_t search : plan_.roots[root].searches) {
      const auto active = std::find_if(searches.begin(), searches.end(), [&](const ActiveSearch& a) { return a.search == search; });
      if (active != searches.end()) active->depth = 0;
      else searches.push_back({search, 0, static_cast<uint32_t>(root), static_cast<uint32_t>(pathBytes)});
    }
  }
}

void Roots::removeSeen(const fs::FileId& directory, std::string_view name, std::vector<ActiveSearch>& searches) const {
  for (const auto& [rootName, root] : files_.at(directory)) {
    if (rootName != name) continue;
    const std::vector<uint32_t>& seen = plan_.roots[root].searches;
    searches.erase(std::remove_if(searches.begin(), searches.end(),
                                  [&](const ActiveSearch& a) { return std::find(seen.begin(), seen.end(), a.search) != seen.end(); }),
                   searches.end());
  }
}

}  // namespace mig
