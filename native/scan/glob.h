// Shell patterns over absolute paths: `*`, `?` and `[…]` within a name, `**` for any number of names. No braces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig {

// One name without slashes; linear but for the last `*`, to which it comes back.
bool matchesName(std::string_view glob, std::string_view name);
bool matchesGlob(std::string_view glob, std::string_view path);
// Finds the files that patterns without `**` stand for now below a folder, which is "" for the root; links are followed.
// `found` is told the pattern's place in the list. A folder is listed once for all patterns.
void findFiles(const std::string& folder, const std::vector<std::string_view>& globs, const std::function<void(size_t, const fs::FileId&)>& found);

}  // namespace mig
