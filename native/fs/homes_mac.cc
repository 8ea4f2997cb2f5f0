// macOS: the folders in /Users, because the directory service could ask the network.
#include "fs/fs.h"

namespace mig::fs {

std::vector<std::string> listHomes() {
  std::vector<std::string> homes{"/private/var/root"};
  const std::string users = "/Users";
  Descriptor directory;
  if (openDirectoryPath(users, directory) != 0) return homes;
  DirectoryReader reader;
  reader.begin(directory);
  Entry entry;
  int error = 0;
  while (reader.next(entry, error)) {
    if (entry.type == FileType::directory) homes.push_back(users + "/" + entry.name);
  }
  return homes;
}

}  // namespace mig::fs
