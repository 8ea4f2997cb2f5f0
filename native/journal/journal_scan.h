// Finds the journal files of a plan's paths and reads them, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "journal/file_scan.h"
#include "scan/scan_state.h"

namespace mig::journal {

enum class FileOutcome : uint8_t {
  read,
  outside,  // of the times of all searches
  vanished,
  noPermission,
  readError,
  otherFileSystem,
  specialFile,
  isProtected,
  questionLimit,
  malformed,
  unsupported,
};

struct ReadFile {
  std::string path;  // not escaped
  FileOutcome outcome = FileOutcome::readError;
  FileHeader header;  // of a file with the first two outcomes
  FileFacts facts;
};

struct SearchCount {
  Span all;
  std::vector<std::pair<std::string, Span>> groups;  // by value
  uint64_t others = 0;
  uint64_t withoutValue = 0;
};

struct JournalSummary {
  std::vector<SearchCount> searches;
  std::vector<ReadFile> files;
  std::vector<SequenceSummary> sequences;
};

// Uses the plan's limits and protection. Throws std::bad_alloc.
JournalSummary readJournals(ScanState& state, const Question& question, const std::vector<std::string>& paths);

}  // namespace mig::journal
