// Converts the state of a file into hits for JavaScript.
#pragma once

#include <string>
#include <string_view>

#include "scan/directory.h"
#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// The parts of a file's path; it owns nothing.
struct FileLabel {
  const std::string& directoryPath;
  std::string_view name;
  bool isRoot;
  std::string_view link;  // its text; empty for what is no link
};

// The path under the requested root; not escaped.
std::string displayPath(const Plan& plan, const FileLabel& file, const ActiveSearch& place);

// Reports the matches of one search.
void reportHits(ScanState& state, const FileLabel& file, const fs::FileInfo& info, const std::string& mode, FileState& search);

}  // namespace mig
