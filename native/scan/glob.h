// Shell patterns over absolute paths: `*`, `?` and `[…]` within a name, `**` for any number of names. No braces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig {

// One name without slashes; linear but for the last `*`, to which it comes back.
bool matchesName(std::string_view glob, std::string_view name);
bool matchesGlob(std::string_view glob, std::string_view path);
// The files that a pattern without `**` stands for now; links are followed.
std::vector<fs::FileId> findFiles(const std::string& glob);

}  // namespace mig
