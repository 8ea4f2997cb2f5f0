// User names by uid, from local data: the name service could ask the network and hang.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mig::proc {

class UserNames {
 public:
  // Linux: /etc/passwd. macOS: the same, and the folders in /Users by their owners' uids. Windows: none, see
  // account_win.h.
  static UserNames read();
  // Lines of passwd(5).
  static UserNames parse(std::string_view passwd);
  // The printable name, or the uid without a local name.
  std::string textOf(uint32_t userId) const;

 private:
  std::unordered_map<uint32_t, std::string> names_;
};

}  // namespace mig::proc
