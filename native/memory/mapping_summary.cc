#include <map>

#include "memory/signs.h"

namespace mig {

int readMappingSummary(Target& target, MappingSummary& summary) {
  std::vector<Mapping> mappings;
  if (const int error = target.readMappings(mappings); error != 0) return error;
  std::map<std::string, MappedFile> files;
  for (Mapping& mapping : mappings) {
    if (mapping.isSpecial) continue;
    if (mapping.isAnonymous) {
      if (!mapping.isExecutable) continue;
      summary.anonymousExecutableBytes += mapping.end - mapping.start;
      summary.anonymousExecutableCount += 1;
      summary.isAnonymousExecutableWritable |= mapping.isWritable;
      continue;
    }
    MappedFile& file = files[mapping.path];
    file.isDeleted |= mapping.isDeleted && mapping.isExecutable;
    if (!mapping.isExecutable || file.isExecutable) continue;
    file.isExecutable = true;
    file.isOwnedByRoot = !mapping.isDeleted && target.isOwnedByRoot(mapping);
  }
  for (auto& [path, file] : files) {
    file.path = path;
    summary.files.push_back(std::move(file));
  }
  return 0;
}

}  // namespace mig
