#include "unpack/exchange_linux.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

namespace mig {

namespace {

void waitOn(const std::atomic<uint32_t>& word, uint32_t seen, const timespec* longest) { syscall(SYS_futex, &word, FUTEX_WAIT, seen, longest, nullptr, 0); }

template <typename Shared>
int mapOne(Shared*& shared) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return errno;
  // Zeros are its initial state.
  shared = static_cast<Shared*>(memory);
  return 0;
}

}  // namespace

int mapShared(SharedMemory& memory) {
  if (const int error = mapOne(memory.starter); error != 0) return error;
  for (Exchange*& exchange : memory.exchanges) {
    if (const int error = mapOne(exchange); error != 0) return error;
  }
  return 0;
}

int unmapOthers(const SharedMemory& memory, size_t index) {
  if (munmap(memory.starter, sizeof(StarterPage)) != 0) return errno;
  for (size_t other = 0; other < kMaximumUnpackers; other += 1) {
    if (other != index && munmap(memory.exchanges[other], sizeof(Exchange)) != 0) return errno;
  }
  return 0;
}

void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen, uint32_t maximumMs) {
  const timespec longest{maximumMs / 1000, static_cast<long>(maximumMs % 1000) * 1000000};
  waitOn(word, seen, &longest);
}

void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen) { waitOn(word, seen, nullptr); }

void wakeWaiters(const std::atomic<uint32_t>& word) { syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0); }

}  // namespace mig
