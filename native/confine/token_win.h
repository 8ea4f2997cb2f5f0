// The token of this process: whom Windows takes it for, and what it lets it do.
#pragma once

#include <string>

#include "confine/confine.h"

namespace mig {

// Low integrity closes to writing what has no label: all but a few folders, and every other process.
// Whether a question with these needs still reads what it must; tried with a copy of the token.
bool readsAtLowIntegrity(const ModuleNeeds& needs);

// For good. False with what Windows refused in `error`.
bool lowerIntegrity(std::string& error);

// Puts the privileges of the needs into force and removes all others, for good. False with what Windows refused in `error`.
bool keepPrivileges(const ModuleNeeds& needs, std::string& error);

}  // namespace mig
