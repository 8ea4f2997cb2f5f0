#include "fs/folder_names.h"

#include <algorithm>
#include <cerrno>

namespace mig::fs {

int listFolder(const std::string& path, size_t mostNames, FolderNames& out) {
  // The system would take it for the end of the path.
  if (path.find('\0') != std::string::npos) return ENOENT;
  Descriptor folder;
  if (const int error = openDirectoryPath(path, folder); error != 0) return error;
  DirectoryReader reader;
  reader.begin(folder);
  Entry entry;
  int error = 0;
  while (reader.next(entry, error)) {
    if (out.entries.size() == mostNames) {
      out.isCut = true;
      break;
    }
    FileType type = entry.type;
    FileInfo info;
    // Some file systems do not tell the type by the way.
    if (type == FileType::unknown && readInfoAt(folder, entry.name, info) == 0) type = info.type;
    out.entries.emplace_back(std::string(entry.name, entry.nameBytes), type);
  }
  std::sort(out.entries.begin(), out.entries.end());
  return error;
}

}  // namespace mig::fs
