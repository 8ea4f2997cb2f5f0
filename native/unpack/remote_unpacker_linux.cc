#include "unpack/remote_unpacker_linux.h"

#include <algorithm>
#include <cstring>

namespace mig {

namespace {

// How often a waiting thread checks that the other process still exists.
constexpr uint32_t kPollMs = 20;

}  // namespace

void RemoteUnpacker::start(PackFormat format) {
  format_ = format;
  state_ = slot_.isWaiting ? UnpackState::failed : UnpackState::reading;
  isComplete_ = false;
  isFileNew_ = true;
  isInputNew_ = false;
  needsInput_ = true;
  packedBytes_ = unpackedBytes_ = 0;
}

void RemoteUnpacker::setInput(const uint8_t* data, size_t sizeBytes) {
  input_ = data;
  inputBytes_ = sizeBytes;
  isInputNew_ = true;
  needsInput_ = false;
  packedBytes_ += sizeBytes;
  if (sizeBytes > kExchangeBytes) state_ = UnpackState::failed;
}

size_t RemoteUnpacker::unpack(uint8_t* out, size_t capacity) {
  if (state_ != UnpackState::reading || needsInput_) return 0;
  const size_t wanted = std::min(capacity, kExchangeBytes);
  Outcome outcome = ask(wanted);
  // The unpacker may have crashed on the file before; that is not this file's fault.
  if (outcome == Outcome::ended && isFileNew_) outcome = ask(wanted);
  if (outcome == Outcome::answered) return takeAnswer(out, wanted);
  slot_.isWaiting = outcome == Outcome::stopped;
  if (outcome == Outcome::ended) state_ = UnpackState::failed;
  return 0;
}

RemoteUnpacker::Outcome RemoteUnpacker::ask(size_t capacity) {
  if (!provideProcess()) return Outcome::ended;
  post(capacity);
  return waitForAnswer();
}

bool RemoteUnpacker::provideProcess() {
  std::atomic<uint32_t>& answered = slot_.exchange->answered;
  while (slot_.phase->load() == UnpackerPhase::unwanted) {
    waitForChange(answered, answered.load(), kPollMs);
    if (!isStarterThere_()) return false;
  }
  if (slot_.phase->load() != UnpackerPhase::none) return true;
  if (!isFileNew_) return false;
  // No other process uses the exchange now.
  slot_.exchange->asked.store(slot_.asked);
  answered.store(slot_.asked);
  slot_.phase->store(UnpackerPhase::wanted);
  callStarter();
  return true;
}

void RemoteUnpacker::callStarter() {
  slot_.starter->calls.fetch_add(1);
  wakeWaiters(slot_.starter->calls);
}

void RemoteUnpacker::post(size_t capacity) {
  Exchange& exchange = *slot_.exchange;
  if (isInputNew_) memcpy(exchange.input, input_, inputBytes_);
  exchange.format.store(static_cast<uint32_t>(isFileNew_ ? format_ : PackFormat::none), std::memory_order_relaxed);
  exchange.hasInput.store(isInputNew_ ? 1 : 0, std::memory_order_relaxed);
  exchange.inputBytes.store(static_cast<uint32_t>(inputBytes_), std::memory_order_relaxed);
  exchange.capacity.store(static_cast<uint32_t>(capacity), std::memory_order_relaxed);
  slot_.asked += 1;
  exchange.asked.store(slot_.asked, std::memory_order_release);
  wakeWaiters(exchange.asked);
}

RemoteUnpacker::Outcome RemoteUnpacker::waitForAnswer() {
  const std::atomic<uint32_t>& answered = slot_.exchange->answered;
  for (;;) {
    const uint32_t seen = answered.load(std::memory_order_acquire);
    if (seen == slot_.asked) return Outcome::answered;
    if (slot_.phase->load() == UnpackerPhase::none) return Outcome::ended;
    waitForChange(answered, seen, kPollMs);
    if (answered.load(std::memory_order_acquire) == slot_.asked) return Outcome::answered;
    if (!isStarterThere_()) return Outcome::ended;
    if (!mayContinue_()) return Outcome::stopped;
  }
}

// Each value is read once, because it may change at any time.
size_t RemoteUnpacker::takeAnswer(uint8_t* out, size_t capacity) {
  const Exchange& exchange = *slot_.exchange;
  const size_t count = exchange.outputBytes.load(std::memory_order_relaxed);
  const uint32_t state = exchange.state.load(std::memory_order_relaxed);
  const bool isComplete = exchange.isComplete.load(std::memory_order_relaxed) != 0;
  if (count > capacity || state > static_cast<uint32_t>(UnpackState::needsTooMuchMemory)) {
    state_ = UnpackState::failed;
    // This unpacker must not get the next file. If it ended meanwhile there is nothing to stop.
    UnpackerPhase running = UnpackerPhase::running;
    if (slot_.phase->compare_exchange_strong(running, UnpackerPhase::unwanted)) callStarter();
    return 0;
  }
  isFileNew_ = isInputNew_ = false;
  needsInput_ = count < capacity;
  state_ = static_cast<UnpackState>(state);
  isComplete_ = isComplete;
  memcpy(out, exchange.output, count);
  unpackedBytes_ += count;
  if (Unpacker::isTooLarge(packedBytes_, unpackedBytes_)) state_ = UnpackState::tooLarge;
  return count;
}

}  // namespace mig
