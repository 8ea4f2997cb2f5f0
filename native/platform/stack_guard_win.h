// What -fstack-protector-strong wants of a C library and this one has not got.
#pragma once

namespace mig {

// Once, before anything that takes input runs: functions that are running then would seem to be damaged.
void chooseStackGuard();

}  // namespace mig
