#include "fs/read_effects.h"

namespace mig::fs {

const char* ReadEffects::of(const Descriptor&, const std::string&) const { return nullptr; }

}  // namespace mig::fs
