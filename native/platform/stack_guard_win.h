// The symbols that -fstack-protector-strong expects of a C library, missing in this one.
#pragma once

namespace mig {

// Call once, before any code that takes input: functions running at that moment would report a damaged stack.
void chooseStackGuard();

}  // namespace mig
