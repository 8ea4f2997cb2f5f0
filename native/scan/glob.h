// Shell patterns over absolute paths: `*`, `?` and `[…]` within a name, `**` for any number of names. No braces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig {

// One name without slashes. Linear time except for backtracking to the last `*`.
bool matchesName(std::string_view glob, std::string_view name);
// What is below a folder is not the folder itself: a `**` at the end stands for at least one name.
bool matchesGlob(std::string_view glob, std::string_view path);
// The same for the beginning of a pattern, where a `**` at the end may stand for no name.
bool matchesGlobBeginning(std::string_view glob, std::string_view path);
// Finds the existing files of patterns without `**` below a folder, which is "" for the root; links are followed.
// `found` gets the index of the pattern. A folder is listed once for all patterns.
void findFiles(const std::string& folder, const std::vector<std::string_view>& globs, const std::function<void(size_t, const fs::FileId&)>& found);

}  // namespace mig
