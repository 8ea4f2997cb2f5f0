// A command line of Windows is one text; programs make arguments of it by rules of their C library.
#pragma once

#include <string>
#include <string_view>

namespace mig::proc {

// The arguments, each with a NUL behind it, as Microsoft's C library splits them. UTF-8 or WTF-8.
// @see Microsoft, "Parsing C command-line arguments"
std::string splitCommandLine(std::string_view line);

}  // namespace mig::proc
