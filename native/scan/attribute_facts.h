// The extended attributes of one file, read when a test first asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fs/attributes.h"

namespace mig {

class AttributeFacts {
 public:
  // Begins with another file, whose handles must stay open while it is asked about.
  void reset(const fs::Descriptor& handle, const char* name);

  // Null when they cannot be read.
  const std::vector<std::string>* names();
  // Bits; 0 when the file has none, nothing when they cannot be read or have no meaning.
  std::optional<uint64_t> capabilities();
  // The errno value of a failure; 0 without one.
  int error() const { return error_; }

 private:
  const fs::Descriptor* handle_ = nullptr;
  const char* name_ = nullptr;
  int error_ = 0;
  bool hasListed_ = false;
  bool isListed_ = false;
  std::vector<std::string> names_;
  bool hasReadCapabilities_ = false;
  std::optional<uint64_t> capabilities_;
};

}  // namespace mig
