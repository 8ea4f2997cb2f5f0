// The actions of a decoder that a malicious file has taken over, for takeover_check.cpp.
#pragma once

#include <sys/types.h>

#include <string>

#include "unpack/exchange_linux.h"

// The process that a decoder attacks.
extern pid_t checkProcess;

// The start of a command; the addresses follow.
const std::string kReach = "reach ";

// The result of a command: text, or the end of the process.
std::string obey(const std::string& command, mig::Exchange& exchange);
