// Names of users by number, from /etc/passwd alone: asking the name service could go out to the network and hang.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mig::proc {

class UserNames {
 public:
  static UserNames read();
  static UserNames parse(std::string_view passwd);
  // Null when the number has no name here.
  const std::string* find(uint32_t userId) const;

 private:
  std::unordered_map<uint32_t, std::string> names_;
};

}  // namespace mig::proc
