// The network namespaces of this machine: containers, `ip netns`, sandboxes of services.
#pragma once

#include <cstdint>
#include <functional>

#include "network/network.h"

namespace mig {

// The inode of the calling thread's network namespace; 0 when /proc does not say.
uint64_t readOwnNamespace();

// Enters each network namespace once, other than `own`, and calls `visit` in it: those of all processes and threads that
// may be seen and those that a mount keeps alive; then the thread is back in `own`. What could not be looked at is counted
// and noted in `summary`.
void visitOtherNamespaces(uint64_t own, WorkControl& control, NetworkSummary& summary, const std::function<void(uint64_t)>& visit);

}  // namespace mig
