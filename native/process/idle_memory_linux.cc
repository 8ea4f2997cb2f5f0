#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "process/idle_memory.h"

namespace mig {

namespace {

// dl_iterate_phdr(3) comes to the executable first; 1 ends the walk there. Segments that are never written hold nothing that
// the file does not: what the dynamic linker relocates lies in writable ones.
int releaseExecutable(dl_phdr_info* info, size_t, void*) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int index = 0; index < info->dlpi_phnum; ++index) {
    const auto& segment = info->dlpi_phdr[index];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t start = (info->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const uintptr_t end = info->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // A refusal leaves the pages where they are, which harms nothing.
    madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
  }
  return 1;
}

}  // namespace

void releaseIdleMemory() {
  malloc_trim(0);
  dl_iterate_phdr(releaseExecutable, nullptr);
}

}  // namespace mig
