#include "proc/users.h"

#include <fcntl.h>

#include <algorithm>

#include "proc/system.h"

namespace mig::proc {

namespace {

constexpr size_t kPasswdBytes = 16 << 20;

}  // namespace

UserNames UserNames::parse(std::string_view passwd) {
  UserNames users;
  while (!passwd.empty()) {
    const std::string_view line = passwd.substr(0, passwd.find('\n'));
    passwd.remove_prefix(std::min(line.size() + 1, passwd.size()));
    // name:password:number:…
    const size_t nameEnd = line.find(':');
    if (nameEnd == 0 || nameEnd == std::string_view::npos) continue;
    const size_t passwordEnd = line.find(':', nameEnd + 1);
    if (passwordEnd == std::string_view::npos) continue;
    const std::string_view number = line.substr(passwordEnd + 1, line.find(':', passwordEnd + 1) - passwordEnd - 1);
    uint64_t userId = 0;
    // The first line of a number is the one that the system itself uses.
    if (parseNumber(number, userId)) users.names_.emplace(static_cast<uint32_t>(userId), line.substr(0, nameEnd));
  }
  return users;
}

UserNames UserNames::read() {
  fs::Descriptor file;
  std::string text;
  if (openAt(AT_FDCWD, "/etc/passwd", O_RDONLY, file) == 0) readToEnd(file, kPasswdBytes, text);
  return parse(text);
}

const std::string* UserNames::find(uint32_t userId) const {
  const auto found = names_.find(userId);
  return found == names_.end() ? nullptr : &found->second;
}

}  // namespace mig::proc
