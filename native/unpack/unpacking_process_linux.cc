#include "unpack/unpacking_process_linux.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "content/unpacker.h"

namespace mig {

namespace {

int unmap(const void* from, const void* to) {
  const auto* start = static_cast<const uint8_t*>(from);
  const auto sizeBytes = static_cast<size_t>(static_cast<const uint8_t*>(to) - start);
  return sizeBytes == 0 || munmap(const_cast<uint8_t*>(start), sizeBytes) == 0 ? 0 : errno;
}

int prepare(SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart) {
  // The handler needs what is unmapped.
  sigset_t all;
  sigfillset(&all);
  if (sigprocmask(SIG_SETMASK, &all, nullptr) != 0) return errno;
  if (const int error = endWith(starter); error != 0) return error;
  if (const int error = unmap(&memory, &memory.exchanges[index]); error != 0) return error;
  if (const int error = unmap(&memory.exchanges[index + 1], &memory + 1); error != 0) return error;
  return keepUnpackerRights(atStart);
}

void answer(Unpacker& unpacker, Exchange& exchange) {
  const auto format = static_cast<PackFormat>(exchange.format.load(std::memory_order_relaxed));
  if (format != PackFormat::none) unpacker.start(format);
  if (exchange.hasInput.load(std::memory_order_relaxed) != 0) unpacker.setInput(exchange.input, exchange.inputBytes.load(std::memory_order_relaxed));
  const size_t capacity = exchange.capacity.load(std::memory_order_relaxed);
  const size_t count = unpacker.state() == UnpackState::reading ? unpacker.unpack(exchange.output, capacity) : 0;
  exchange.outputBytes.store(static_cast<uint32_t>(count), std::memory_order_relaxed);
  exchange.state.store(static_cast<uint32_t>(unpacker.state()), std::memory_order_relaxed);
  exchange.isComplete.store(unpacker.isComplete() ? 1 : 0, std::memory_order_relaxed);
}

}  // namespace

void unpackFor(SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart) {
  Exchange& exchange = memory.exchanges[index];
  if (prepare(memory, index, starter, atStart) != 0) _exit(1);
  Unpacker unpacker;
  uint32_t answered = exchange.answered.load();
  for (;;) {
    const uint32_t asked = exchange.asked.load(std::memory_order_acquire);
    if (asked == answered) {
      waitForChange(exchange.asked, asked);
      continue;
    }
    answer(unpacker, exchange);
    answered = asked;
    exchange.answered.store(answered, std::memory_order_release);
    wakeWaiters(exchange.answered);
  }
}

}  // namespace mig
