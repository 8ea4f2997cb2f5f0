// macOS keeps people in a directory service, which may ask the network; /etc/passwd has only system users.
#include <fcntl.h>
#include <sys/stat.h>

#include "fs/fs.h"
#include "proc/users.h"

namespace mig::proc {

namespace {

constexpr size_t kPasswdBytes = 1 << 20;

std::string readPasswd() {
  fs::Descriptor folder;
  fs::Descriptor file;
  std::string text(kPasswdBytes, '\0');
  size_t count = 0;
  if (fs::openDirectoryPath("/private/etc", folder) != 0 || fs::openForReading(folder, "passwd", file) != 0) return "";
  if (fs::readPiece(file, 0, reinterpret_cast<uint8_t*>(text.data()), text.size(), count) != 0) return "";
  text.resize(count);
  return text;
}

}  // namespace

UserNames UserNames::read() {
  UserNames users = parse(readPasswd());
  for (const std::string& home : fs::listHomes()) {
    struct stat status;
    if (stat(home.c_str(), &status) == 0) users.names_.emplace(status.st_uid, home.substr(home.rfind('/') + 1));
  }
  return users;
}

}  // namespace mig::proc
