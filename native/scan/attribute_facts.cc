#include "scan/attribute_facts.h"

namespace mig {

void AttributeFacts::reset(const fs::Descriptor& handle, const char* name) {
  handle_ = &handle;
  name_ = name;
  error_ = 0;
  hasListed_ = isListed_ = hasReadCapabilities_ = false;
  capabilities_.reset();
}

const std::vector<std::string>* AttributeFacts::names() {
  if (!hasListed_) {
    hasListed_ = true;
    const int error = fs::listAttributes({*handle_, name_}, names_);
    isListed_ = error == 0;
    if (!isListed_) error_ = error;
  }
  return isListed_ ? &names_ : nullptr;
}

std::optional<uint64_t> AttributeFacts::capabilities() {
  if (hasReadCapabilities_) return capabilities_;
  hasReadCapabilities_ = true;
  std::vector<uint8_t> value;
  const int error = fs::readCapabilityAttribute({*handle_, name_}, value);
  if (error != 0) error_ = error;
  else if (value.empty()) capabilities_ = 0;
  else capabilities_ = fs::parseCapabilities(value.data(), value.size());
  return capabilities_;
}

}  // namespace mig
