// The reader of journal files for JavaScript.
#pragma once

#include <napi.h>

namespace mig {

// The functions of native/journal/journal.ts.
void addJournalFunctions(Napi::Object& exports);

}  // namespace mig
