#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "process/idle_memory.h"

namespace mig {

namespace {

// dl_iterate_phdr(3) visits the executable first; returning 1 ends the walk there. Read-only segments hold only the
// file's data: the dynamic linker relocates only writable ones.
int releaseExecutable(dl_phdr_info* info, size_t, void*) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int index = 0; index < info->dlpi_phnum; ++index) {
    const auto& segment = info->dlpi_phdr[index];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t start = (info->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const uintptr_t end = info->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // A refusal leaves the pages in place, which is harmless.
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
