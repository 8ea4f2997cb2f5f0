// Splits a Windows command line, which is one text, by the rules of the C library.
#pragma once

#include <string>
#include <string_view>

namespace mig::proc {

// The arguments, each followed by a NUL, as Microsoft's C library splits them. UTF-8 or WTF-8. @see Microsoft, "Parsing
// C command-line arguments"
std::string splitCommandLine(std::string_view line);

}  // namespace mig::proc
