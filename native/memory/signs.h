// What a process shows of an implant without any pattern to look for. Linux only.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "proc/maps.h"
#include "proc/process.h"

namespace mig {

// What is mapped, by file and without addresses.
struct MappedFile {
  std::string path;  // bytes
  bool isExecutable = false;
  bool isDeleted = false;
  bool isOwnedByRoot = false;
};

struct MappingSummary {
  std::vector<MappedFile> files;
  // Executable memory that no file stands behind.
  uint64_t anonymousExecutableBytes = 0;
  uint64_t anonymousExecutableCount = 0;
  bool isAnonymousExecutableWritable = false;
};
int readMappingSummary(const proc::Process& process, MappingSummary& summary);

// Libraries that the loader takes before all others.
struct Preloads {
  std::vector<std::string> variables;  // values of LD_PRELOAD and LD_AUDIT that the process was started with
  std::vector<std::string> files;  // names in the ld.so.preload of the process's root directory
  std::string fileIdentity;  // of that file
};
int readPreloads(const proc::Process& process, Preloads& preloads);

// Code that differs from the file that it is mapped from.
struct AlteredFile {
  std::string path;
  uint64_t pages = 0;
};
struct AlteredText {
  std::vector<AlteredFile> files;
  // Pages that the process has written to but that could not be compared, because the file cannot be read any more.
  uint64_t uncomparedPages = 0;
};
// Reads only what is in memory. ECANCELED when `stop` is set.
int findAlteredText(const proc::Process& process, AlteredText& altered, const std::atomic<bool>& stop);

}  // namespace mig
