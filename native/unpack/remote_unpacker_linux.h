// Unpacks in another process and does not trust its answers.
#pragma once

#include <functional>
#include <memory>

#include "content/unpacker.h"
#include "unpack/exchange_linux.h"

namespace mig {

// An unpacker's slot, used by one thread at a time.
struct UnpackerSlot {
  StarterPage* starter = nullptr;
  std::atomic<UnpackerPhase>* phase = nullptr;
  Exchange* exchange = nullptr;
  uint32_t asked = 0;      // the requests so far, in memory of this process alone
  bool isWaiting = false;  // an answer is outstanding
};

using SlotLease = std::unique_ptr<UnpackerSlot, void (*)(UnpackerSlot*)>;

class RemoteUnpacker final : public FileUnpacker {
 public:
  // `isStarterThere` is called while no answer comes.
  RemoteUnpacker(SlotLease lease, bool (*isStarterThere)(), std::function<bool()> mayContinue)
      : lease_(std::move(lease)), slot_(*lease_), isStarterThere_(isStarterThere), mayContinue_(std::move(mayContinue)) {}

  void start(PackFormat format) override;
  // Fails the file when more than kExchangeBytes come at a time.
  void setInput(const uint8_t* data, size_t sizeBytes) override;
  size_t unpack(uint8_t* out, size_t capacity) override;
  UnpackState state() const override { return state_; }
  bool isComplete() const override { return isComplete_; }

 private:
  enum class Outcome : uint8_t { answered, ended, stopped };

  // Whether the process exists or is starting.
  bool provideProcess();
  void callStarter();
  void post(size_t capacity);
  Outcome waitForAnswer();
  Outcome ask(size_t capacity);
  size_t takeAnswer(uint8_t* out, size_t capacity);

  const SlotLease lease_;
  UnpackerSlot& slot_;
  bool (*const isStarterThere_)();
  const std::function<bool()> mayContinue_;
  PackFormat format_ = PackFormat::none;
  UnpackState state_ = UnpackState::finished;
  bool isComplete_ = false;
  bool isFileNew_ = false;
  bool isInputNew_ = false;
  bool needsInput_ = true;
  const uint8_t* input_ = nullptr;
  size_t inputBytes_ = 0;
  uint64_t packedBytes_ = 0;
  uint64_t unpackedBytes_ = 0;
};

}  // namespace mig
