// What a process shows of an implant without any pattern to look for.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "memory/code_maker.h"
#include "memory/target.h"

namespace mig {

// What is mapped, by file and without addresses.
struct MappedFile {
  std::string path;  // bytes
  bool isExecutable = false;
  bool isDeleted = false;
  bool isReplaced = false;  // deleted, and another file of root's stands in its place
  bool isOwnedByRoot = false;
};

// Executable memory that no file stands behind, of one maker.
struct AnonymousCode {
  CodeMaker maker = CodeMaker::unknown;
  uint64_t bytes = 0;
  uint64_t count = 0;
  bool isWritable = false;  // any of it
};

struct MappingSummary {
  std::vector<MappedFile> files;
  std::vector<AnonymousCode> anonymousCode;
};
int readMappingSummary(Target& target, MappingSummary& summary);

// Libraries that the loader takes before all others.
struct Preloads {
  std::vector<std::string> variables;  // of its environment at the start: `LD_PRELOAD=…` and the like
  std::vector<std::string> files;  // libraries that a list of the system names for every process
  std::string source;  // which list: /etc/ld.so.preload, in the process's root directory
  std::string fileIdentity;  // the same text for the same list
};
int readPreloads(Target& target, Preloads& preloads);

// Code that differs from the file that it is mapped from.
struct AlteredFile {
  std::string path;
  uint64_t pages = 0;
  // All that differs are breakpoints, as a debugger sets them and the kernel for probes (perf, eBPF). Of x86 only.
  bool hasBreakpointsOnly = true;
};
struct AlteredText {
  std::vector<AlteredFile> files;
  // Pages that the process has written to but that could not be compared, because the file cannot be read any more.
  uint64_t uncomparedPages = 0;
  // Code on a file system that might never answer, which was not looked at.
  uint64_t remoteMappings = 0;
};
// Reads only what is in memory. ECANCELED when `stop` is set; ENOTSUP where the system does not tell changed pages.
int findAlteredText(Target& target, AlteredText& altered, const std::atomic<bool>& stop);

}  // namespace mig
