#include "unpack/exchange_linux.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

namespace mig {

namespace {

void waitOn(const std::atomic<uint32_t>& word, uint32_t seen, const timespec* longest) { syscall(SYS_futex, &word, FUTEX_WAIT, seen, longest, nullptr, 0); }

}  // namespace

void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen, uint32_t maximumMs) {
  const timespec longest{maximumMs / 1000, static_cast<long>(maximumMs % 1000) * 1000000};
  waitOn(word, seen, &longest);
}

void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen) { waitOn(word, seen, nullptr); }

void wakeWaiters(const std::atomic<uint32_t>& word) { syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0); }

}  // namespace mig
