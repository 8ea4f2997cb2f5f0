// Linux: home folders by passwd(5).
#include <fcntl.h>

#include <algorithm>

#include "fs/fs.h"
#include "proc/system.h"

namespace mig::fs {

namespace {

constexpr size_t kPasswdBytes = 16 << 20;

// The sixth field of a line.
std::string_view homeOf(std::string_view line) {
  for (int field = 0; field < 5; field += 1) {
    const size_t end = line.find(':');
    if (end == std::string_view::npos) return {};
    line.remove_prefix(end + 1);
  }
  return line.substr(0, line.find(':'));
}

}  // namespace

std::vector<std::string> listHomes() {
  Descriptor file;
  std::string passwd;
  if (proc::openAt(AT_FDCWD, "/etc/passwd", O_RDONLY, file) == 0) proc::readToEnd(file, kPasswdBytes, passwd);
  std::vector<std::string> homes;
  for (std::string_view rest = passwd; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view home = homeOf(line);
    if (home.size() > 1 && home[0] == '/') homes.emplace_back(home);
  }
  std::sort(homes.begin(), homes.end());
  homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
  return homes;
}

}  // namespace mig::fs
