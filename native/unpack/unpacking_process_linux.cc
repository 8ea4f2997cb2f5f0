#include "unpack/unpacking_process_linux.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "content/unpacker.h"

namespace mig {

namespace {

int prepare(const SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart) {
  // The signal handler needs memory that is unmapped here.
  sigset_t all;
  sigfillset(&all);
  if (sigprocmask(SIG_SETMASK, &all, nullptr) != 0) return errno;
  if (const int error = endWith(starter); error != 0) return error;
  if (const int error = unmapOthers(memory, index); error != 0) return error;
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

void unpackFor(const SharedMemory& memory, size_t index, pid_t starter, const MemorySize& atStart) {
  Exchange& exchange = *memory.exchanges[index];
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
