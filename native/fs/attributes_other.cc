#include "fs/attributes.h"

#include <cerrno>

namespace mig::fs {

int listAttributes(const AttributePlace&, std::vector<std::string>&) { return ENOTSUP; }
int readCapabilityAttribute(const AttributePlace&, std::vector<uint8_t>&) { return ENOTSUP; }

}  // namespace mig::fs
