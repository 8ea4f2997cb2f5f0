#include "memory/mapping.h"

#include <algorithm>

namespace mig {

const char* mappingKindName(MappingKind kind) {
  switch (kind) {
    case MappingKind::heap: return "heap";
    case MappingKind::stack: return "stack";
    case MappingKind::anonymous: return "anonymous";
    case MappingKind::anonymousExecutable: return "anonymous executable";
    case MappingKind::file: return "file";
    case MappingKind::executableFile: return "executable file";
    case MappingKind::deletedFile: return "deleted file";
    case MappingKind::shared: return "shared";
  }
  return "anonymous";
}

const Mapping* findMapping(const std::vector<Mapping>& mappings, uint64_t address) {
  const auto after = std::upper_bound(mappings.begin(), mappings.end(), address,
                                      [](uint64_t wanted, const Mapping& mapping) { return wanted < mapping.start; });
  if (after == mappings.begin()) return nullptr;
  const Mapping& mapping = *(after - 1);
  return address < mapping.end ? &mapping : nullptr;
}

}  // namespace mig
