// The memory that a module process shares with its unpackers. An unpacker has its own exchange and nothing else of it;
// whatever stands there may be a lie. Each piece begins at a page, however large pages are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mig {

// As many as there may be threads.
constexpr size_t kMaximumUnpackers = 64;
constexpr size_t kExchangeBytes = 256 * 1024;

// A request by the module process, then the answer to it.
struct Exchange {
  // Requests so far, and those that were answered; each side waits for the other's.
  std::atomic<uint32_t> asked;
  std::atomic<uint32_t> answered;
  // Of the request. A format starts a file; 0 goes on with the last one.
  std::atomic<uint32_t> format;
  std::atomic<uint32_t> hasInput;
  std::atomic<uint32_t> inputBytes;
  std::atomic<uint32_t> capacity;
  // Of the answer.
  std::atomic<uint32_t> outputBytes;
  std::atomic<uint32_t> state;
  std::atomic<uint32_t> isComplete;
  alignas(64) uint8_t input[kExchangeBytes];
  uint8_t output[kExchangeBytes];
};

// The module process goes from none to wanted and from running to unwanted, the starter does the rest.
enum class UnpackerLife : uint32_t { none, wanted, running, unwanted };

// Between the module process and the starter; unpackers do not have it.
struct StarterPage {
  // Changes with everything that the starter has to look at.
  std::atomic<uint32_t> calls;
  std::atomic<uint32_t> isReady;
  std::atomic<uint32_t> error;  // why it did not become ready
  std::atomic<uint32_t> isEnding;
  std::atomic<UnpackerLife> lives[kMaximumUnpackers];
  std::atomic<int32_t> processes[kMaximumUnpackers];
};

// Each is a mapping of its own: one that an unpacker makes larger does not reach the next.
struct SharedMemory {
  StarterPage* starter = nullptr;
  Exchange* exchanges[kMaximumUnpackers]{};
};

// Shared with the processes that this one forks afterwards. 0 or an error number.
int mapShared(SharedMemory& memory);
// Of this process alone; all but the exchange with that index. 0 or an error number.
int unmapOthers(const SharedMemory& memory, size_t index);

// Until `word` is not `seen` any more, for so long at most; it may end earlier.
void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen, uint32_t maximumMs);
void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen);
void wakeWaiters(const std::atomic<uint32_t>& word);

}  // namespace mig
