// Recognizes by its first page who made executable memory without a file. Ordinary libraries make such memory in all
// kinds of programs; without them an implant is easier to find.
#pragma once

#include "memory/mapping.h"
#include "memory/target.h"

namespace mig {

enum class CodeMaker : uint8_t {
  unknown,
  closures,  // libffi: closures that Python, GObject and others pass to C
  patterns,  // sljit, which compiles the regular expressions of PCRE
};
const char* codeMakerName(CodeMaker maker);

// Reads the first page if it is resident; `unknown` when it is not or cannot be read. A program can fake the pattern.
CodeMaker findCodeMaker(Target& target, const Mapping& mapping);

}  // namespace mig
