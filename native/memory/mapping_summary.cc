#include <algorithm>
#include <map>

#include "memory/signs.h"

namespace mig {

namespace {

void addAnonymousCode(Target& target, const Mapping& mapping, std::vector<AnonymousCode>& all) {
  const CodeMaker maker = findCodeMaker(target, mapping);
  auto code = std::find_if(all.begin(), all.end(), [&](const AnonymousCode& one) { return one.maker == maker; });
  if (code == all.end()) code = all.insert(all.end(), AnonymousCode{maker});
  code->bytes += mapping.end - mapping.start;
  code->count += 1;
  code->isWritable |= mapping.isWritable;
}

}  // namespace

int readMappingSummary(Target& target, MappingSummary& summary) {
  std::vector<Mapping> mappings;
  if (const int error = target.readMappings(mappings, &summary.isCut); error != 0) return error;
  std::map<std::string, MappedFile> files;
  for (Mapping& mapping : mappings) {
    if (mapping.isSpecial) continue;
    if (mapping.isAnonymous) {
      if (mapping.isExecutable) addAnonymousCode(target, mapping, summary.anonymousCode);
      continue;
    }
    MappedFile& file = files[mapping.path];
    file.isDeleted |= mapping.isDeleted && mapping.isExecutable;
    if (!mapping.isExecutable || file.isExecutable) continue;
    file.isExecutable = true;
    if (mapping.isRemote) continue;
    file.isOwnedByRoot = !mapping.isDeleted && target.isOwnedByRoot(mapping);
    file.isReplaced = mapping.isDeleted && target.isReplaced(mapping);
  }
  for (auto& [path, file] : files) {
    file.path = path;
    summary.files.push_back(std::move(file));
  }
  return 0;
}

}  // namespace mig
