// From what is known about a file to the hits that JavaScript receives.
#pragma once

#include <string>
#include <string_view>

#include "scan/directory.h"
#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// What it takes to name a file; borrowed.
struct FileLabel {
  const std::string& directoryPath;
  std::string_view name;
  bool isRoot;
};

// The path under the root as it was asked for; not escaped.
std::string displayPath(const Plan& plan, const FileLabel& file, const ActiveSearch& place);

// Reports what matched in one search.
void reportHits(ScanState& state, const FileLabel& file, const fs::FileInfo& info, const std::string& mode, FileState& search);

}  // namespace mig
