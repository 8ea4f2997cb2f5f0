#include "proc/users.h"

#include <algorithm>
#include <charconv>

#include "text/escape.h"

namespace mig::proc {

namespace {

bool parseNumber(std::string_view text, uint32_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

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
    uint32_t userId = 0;
    // The system itself uses the first line of a uid.
    if (parseNumber(number, userId)) users.names_.emplace(userId, line.substr(0, nameEnd));
  }
  return users;
}

std::string UserNames::textOf(uint32_t userId) const {
  const auto found = names_.find(userId);
  return found == names_.end() ? std::to_string(userId) : escapeBytes(found->second);
}

}  // namespace mig::proc
