// Signs of an implant that need no pattern.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "memory/code_maker.h"
#include "memory/target.h"

namespace mig {

// The mapped files of a process, without addresses.
struct MappedFile {
  std::string path;  // bytes
  bool isExecutable = false;
  bool isDeleted = false;
  bool isReplaced = false;  // deleted, and another file of root's has its name
  bool isOwnedByRoot = false;
};

// Executable memory without a file, of one maker.
struct AnonymousCode {
  CodeMaker maker = CodeMaker::unknown;
  uint64_t bytes = 0;
  uint64_t count = 0;
  bool isWritable = false;  // whether any of it is
};

struct MappingSummary {
  std::vector<MappedFile> files;
  std::vector<AnonymousCode> anonymousCode;
  bool isCut = false;  // there are more mappings than are read
};
int readMappingSummary(Target& target, MappingSummary& summary);

// Libraries that the loader loads before all others.
struct Preloads {
  std::vector<std::string> variables;  // from the environment at the start, such as `LD_PRELOAD=…`
  std::vector<std::string> files;  // libraries that a system list adds to every process
  std::string source;  // the list: /etc/ld.so.preload, in the process's root directory
  std::string fileIdentity;  // equal for the same list
  bool isCut = false;  // the environment or the list was not read to its end
};
int readPreloads(Target& target, Preloads& preloads);

// Code that differs from its mapped file.
struct AlteredFile {
  std::string path;
  uint64_t pages = 0;
  // Breakpoints of a debugger, or of the kernel's probes (perf, eBPF). x86 only.
  bool hasBreakpointsOnly = true;
};
struct AlteredText {
  std::vector<AlteredFile> files;
  // Modified pages that could not be compared, because the file cannot be read.
  uint64_t uncomparedPages = 0;
  // Code on a file system that might never answer; not read.
  uint64_t remoteMappings = 0;
  bool isCut = false;  // there are more changed pages, or mappings, than are read
};
// Reads only resident memory. ECANCELED when `stop` is set; ENOTSUP if the system does not tell changed pages.
int findAlteredText(Target& target, AlteredText& altered, const std::atomic<bool>& stop);

}  // namespace mig
