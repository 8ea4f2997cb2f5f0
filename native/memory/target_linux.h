// The Linux part of Target.
#pragma once

#include <vector>

#include "memory/process_memory_linux.h"
#include "memory/residency_linux.h"
#include "memory/target.h"
#include "proc/file_systems_linux.h"

namespace mig {

struct Target::System {
  proc::Process process;
  proc::FileSystems fileSystems;
  ProcessMemory memory{process};
  Residency residency;
  bool hasResidency = false;  // opened on first use
  // The mapping of the last request.
  uint64_t originalStart = 0;
  fs::Descriptor original;

  int readMappings(std::vector<Mapping>& mappings, bool* cut = nullptr);
  int openResidency();
  // Maps an error of the pagemap to one about the process.
  int toResidencyError(int error);
  int openOriginal(const Mapping& mapping);
};

}  // namespace mig
