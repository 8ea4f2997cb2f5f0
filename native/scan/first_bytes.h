// Decisions about protected content: by a file's names, or by its first bytes, before any search sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// The path of a file that a search named as its root; empty for any other.
using RootPath = std::function<std::string()>;

// Ends the questions of the searches that may not ask about this content. Those that may are restricted to one fact:
// whether it matches. Each search pays for its own questions, and a withheld detail counts as protected.
void askAboutProtected(ScanState& state, const Protection::Verdict& verdict, const std::vector<FileState*>& searches, const RootPath& rootPath);

// The same for a file that begins like this, if that makes it protected.
void judgeFirstBytes(ScanState& state, const uint8_t* head, size_t count, const std::vector<FileState*>& searches, const RootPath& rootPath);

// Whether any of the searches wants the content.
bool anyWantsContent(const std::vector<FileState*>& searches);

}  // namespace mig
