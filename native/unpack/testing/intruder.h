// What a decoder does that the file which it reads has taken over, for takeover_check.cpp.
#pragma once

#include <sys/types.h>

#include <string>

#include "unpack/exchange_linux.h"

// The process that a decoder would attack.
extern pid_t checkProcess;

// Begins a command; the addresses follow.
const std::string kReach = "reach ";

// What a command makes of the decoder: text, or the end.
std::string obey(const std::string& command, mig::Exchange& exchange);
