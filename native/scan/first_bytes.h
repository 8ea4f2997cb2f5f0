// What is decided when the first bytes of a file are there, before any search sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// From now on the searches tell of this file's content no more than whether it fits; what they were to tell besides is
// counted as protected.
void withholdDetails(ScanState& state, const std::vector<FileState*>& searches);

// Whether the searches may look at a file that begins so; counts their questions when it is protected and they may.
bool mayLookAt(ScanState& state, const uint8_t* head, size_t count, const std::vector<FileState*>& searches);

}  // namespace mig
