// The access token of this process: its user and rights on Windows.
#pragma once

#include <string>

#include "confine/confine.h"

namespace mig {

// Whether a question with these needs can still read its files and processes at low integrity; tried with a copy of the
// token. Low integrity forbids writing to unlabelled objects: all but a few folders, and every other process.
bool readsAtLowIntegrity(const ModuleNeeds& needs);

// Cannot be undone. False when Windows refuses, with the reason in `error`.
bool lowerIntegrity(std::string& error);

// Enables the privileges of the needs and removes all others, for good. False when Windows refuses, with the reason in
// `error`.
bool keepPrivileges(const ModuleNeeds& needs, std::string& error);

}  // namespace mig
