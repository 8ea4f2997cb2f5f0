// Who made executable memory that no file stands behind, by what its first page looks like: ordinary libraries make such
// memory in programs of all kinds, and an implant should not have to be looked for among them.
#pragma once

#include "memory/mapping.h"
#include "memory/target.h"

namespace mig {

enum class CodeMaker : uint8_t {
  unknown,
  closures,  // libffi: functions that Python, GObject and others hand to C
  patterns,  // sljit, which compiles the regular expressions of PCRE
};
const char* codeMakerName(CodeMaker maker);

// Reads the first page if it is in memory; `unknown` when it is not, or cannot be read. A program can make memory look so.
CodeMaker findCodeMaker(Target& target, const Mapping& mapping);

}  // namespace mig
