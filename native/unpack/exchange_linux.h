// The memory that a module process shares with its unpackers. An unpacker maps only its own exchange, and its content
// is not trusted. Each part begins at a page boundary for all page sizes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mig {

// The maximum number of threads.
constexpr size_t kMaximumUnpackers = 64;
constexpr size_t kExchangeBytes = 256 * 1024;

// A request by the module process, then the answer.
struct Exchange {
  // The numbers of requests and of answers so far; each side waits for the other's.
  std::atomic<uint32_t> asked;
  std::atomic<uint32_t> answered;
  // The request. A format starts a file; 0 continues the last one.
  std::atomic<uint32_t> format;
  std::atomic<uint32_t> hasInput;
  std::atomic<uint32_t> inputBytes;
  std::atomic<uint32_t> capacity;
  // The answer.
  std::atomic<uint32_t> outputBytes;
  std::atomic<uint32_t> state;
  std::atomic<uint32_t> isComplete;
  alignas(64) uint8_t input[kExchangeBytes];
  uint8_t output[kExchangeBytes];
};

// The module process sets wanted and unwanted, from none and running; the starter sets the others.
enum class UnpackerPhase : uint32_t { none, wanted, running, unwanted };

// Shared by the module process and the starter; unpackers cannot see it.
struct StarterPage {
  // Incremented with every change that the starter must see.
  std::atomic<uint32_t> calls;
  std::atomic<uint32_t> isReady;
  std::atomic<uint32_t> error;  // why it did not become ready
  std::atomic<uint32_t> isEnding;
  std::atomic<UnpackerPhase> phases[kMaximumUnpackers];
  std::atomic<int32_t> processes[kMaximumUnpackers];
};

// Each is a separate mapping: an unpacker that enlarges its own does not reach the next.
struct SharedMemory {
  StarterPage* starter = nullptr;
  Exchange* exchanges[kMaximumUnpackers]{};
};

// Shared with processes forked later. Returns 0 or an errno value.
int mapShared(SharedMemory& memory);
// Unmaps all exchanges from this process but that of the index. Returns 0 or an errno value.
int unmapOthers(const SharedMemory& memory, size_t index);

// Waits until `word` differs from `seen`, at most for the given time; may return early.
void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen, uint32_t maximumMs);
void waitForChange(const std::atomic<uint32_t>& word, uint32_t seen);
void wakeWaiters(const std::atomic<uint32_t>& word);

}  // namespace mig
