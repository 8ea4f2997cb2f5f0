// Names of users by number, from what this machine itself keeps: asking the name service could go out to the network and
// hang.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mig::proc {

class UserNames {
 public:
  // Linux: /etc/passwd. macOS: the same, and the folders in /Users, by the numbers of their owners. Windows knows users by
  // other means (account_win.h): none.
  static UserNames read();
  // Lines of passwd(5).
  static UserNames parse(std::string_view passwd);
  // The name, or the number where it has none here; as text that can be shown.
  std::string textOf(uint32_t userId) const;

 private:
  std::unordered_map<uint32_t, std::string> names_;
};

}  // namespace mig::proc
