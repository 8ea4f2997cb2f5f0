#include "unpack/unpackers.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "process/limits.h"
#include "unpack/remote_unpacker_linux.h"
#include "unpack/rights_linux.h"
#include "unpack/starter_linux.h"

namespace mig {

namespace {

constexpr uint32_t kStartMs = 5000;
constexpr uint32_t kStartPollMs = 20;

uint64_t toNanoseconds(const timespec& time) { return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_nsec); }
uint64_t toNanoseconds(const timeval& time) { return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_usec) * 1000u; }

// The CPU time as the kernel counts it; the process itself is not trusted.
uint64_t readCpuOf(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (process == 0 || clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return toNanoseconds(time);
}

// The starter of this process and the slots of its unpackers.
struct Unpackers {
  SharedMemory memory;
  pid_t starter = 0;
  UnpackerSlot slots[kMaximumUnpackers];
  std::atomic<bool> isTaken[kMaximumUnpackers]{};
  // CPU time of each unpacker, and of its predecessors in the slot.
  uint64_t cpu[kMaximumUnpackers]{};
  uint64_t formerCpu = 0;
};

Unpackers unpackers;

bool isStarterThere() {
  siginfo_t ended{};
  return waitid(P_PID, static_cast<id_t>(unpackers.starter), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
}

int waitUntilReady() {
  const StarterPage& starter = *unpackers.memory.starter;
  for (uint32_t waitedMs = 0; waitedMs < kStartMs; waitedMs += kStartPollMs) {
    if (starter.isReady.load() != 0) return 0;
    if (!isStarterThere()) return starter.error.load() == 0 ? ECHILD : static_cast<int>(starter.error.load());
    waitForChange(starter.isReady, 0, kStartPollMs);
  }
  return ETIMEDOUT;
}

int makeStarter() {
  if (const int error = mapShared(unpackers.memory); error != 0) return error;
  MemorySize atStart{};
  if (const int error = readMemorySize(atStart); error != 0) return error;
  const pid_t own = getpid();
  const pid_t starter = fork();
  if (starter < 0) return errno;
  if (starter == 0) runStarter(unpackers.memory, own, atStart);
  unpackers.starter = starter;
  return waitUntilReady();
}

// A slot with an outstanding answer is not reused.
void giveBack(UnpackerSlot* slot) {
  if (!slot->isWaiting) unpackers.isTaken[slot - unpackers.slots].store(false);
}

// Without a free slot, every file of this thread fails.
SlotLease takeSlot() {
  static UnpackerSlot noSlot{nullptr, nullptr, nullptr, 0, true};
  for (size_t index = 0; index < kMaximumUnpackers; index += 1) {
    if (!unpackers.isTaken[index].exchange(true)) return {&unpackers.slots[index], giveBack};
  }
  return {&noSlot, giveBack};
}

}  // namespace

bool startUnpackers(std::string& error) {
  const int refused = makeStarter();
  if (refused != 0) addLimitError(error, "unpackers", refused);
  for (size_t index = 0; index < kMaximumUnpackers && refused == 0; index += 1) {
    StarterPage* starter = unpackers.memory.starter;
    unpackers.slots[index] = {starter, &starter->phases[index], unpackers.memory.exchanges[index]};
  }
  return refused == 0;
}

uint64_t stopUnpackers() {
  if (unpackers.starter == 0) return 0;
  unpackers.memory.starter->isEnding.store(1);
  unpackers.memory.starter->calls.fetch_add(1);
  wakeWaiters(unpackers.memory.starter->calls);
  rusage usage{};
  while (wait4(unpackers.starter, nullptr, 0, &usage) < 0 && errno == EINTR) {
  }
  unpackers.starter = 0;
  return toNanoseconds(usage.ru_utime) + toNanoseconds(usage.ru_stime);
}

uint64_t readUnpackersCpu() {
  if (unpackers.starter == 0) return 0;
  uint64_t sum = readCpuOf(unpackers.starter);
  for (size_t index = 0; index < kMaximumUnpackers; index += 1) {
    const uint64_t cpu = readCpuOf(unpackers.memory.starter->processes[index].load());
    if (cpu < unpackers.cpu[index]) unpackers.formerCpu += unpackers.cpu[index];
    unpackers.cpu[index] = cpu;
    sum += cpu;
  }
  return sum + unpackers.formerCpu;
}

std::unique_ptr<FileUnpacker> makeFileUnpacker(std::function<bool()> mayContinue) {
  if (unpackers.starter == 0) return std::make_unique<Unpacker>();
  return std::make_unique<RemoteUnpacker>(takeSlot(), isStarterThere, std::move(mayContinue));
}

}  // namespace mig
