// The network namespaces of this machine: containers, `ip netns`, sandboxes of services.
#pragma once

#include <cstdint>
#include <functional>

#include "network/network.h"

namespace mig {

// The inode of the calling thread's network namespace; 0 if /proc does not show it.
uint64_t readOwnNamespace();

// Enters each network namespace but `own` once, calls `visit` in it, and returns to `own`. It finds the namespaces of
// all visible processes and threads, and those that a mount keeps alive. Skipped namespaces are counted and noted in
// `summary`.
void visitOtherNamespaces(uint64_t own, WorkControl& control, NetworkSummary& summary, const std::function<void(uint64_t)>& visit);

}  // namespace mig
