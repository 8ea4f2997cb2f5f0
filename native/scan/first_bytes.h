// Decisions by the first bytes of a file, before any search sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// Restricts the searches to one fact about this file's content: whether it matches. Withheld details count as
// protected.
void withholdDetails(ScanState& state, const std::vector<FileState*>& searches);

// Whether the searches may see a file that begins like this. Counts their questions when it is protected and they may.
bool mayLookAt(ScanState& state, const uint8_t* head, size_t count, const std::vector<FileState*>& searches);

}  // namespace mig
