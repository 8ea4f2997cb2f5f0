// Unpacks in another process, and believes nothing that comes from there.
#pragma once

#include <functional>
#include <memory>

#include "content/unpacker.h"
#include "unpack/exchange_linux.h"

namespace mig {

// An unpacker's place, for one thread at a time.
struct UnpackerPlace {
  StarterPage* starter = nullptr;
  std::atomic<UnpackerLife>* life = nullptr;
  Exchange* exchange = nullptr;
  uint32_t asked = 0;      // the requests so far, as nobody else can change them
  bool isWaiting = false;  // an answer was not waited for
};

using PlaceLease = std::unique_ptr<UnpackerPlace, void (*)(UnpackerPlace*)>;

class RemoteUnpacker final : public FileUnpacker {
 public:
  // `isStarterThere` is asked when nothing comes.
  RemoteUnpacker(PlaceLease lease, bool (*isStarterThere)(), std::function<bool()> mayGoOn)
      : lease_(std::move(lease)), place_(*lease_), isStarterThere_(isStarterThere), mayGoOn_(std::move(mayGoOn)) {}

  void start(PackFormat format) override;
  // Of more than kExchangeBytes at a time the file fails.
  void setInput(const uint8_t* data, size_t sizeBytes) override;
  size_t unpack(uint8_t* out, size_t capacity) override;
  UnpackState state() const override { return state_; }
  bool isComplete() const override { return isComplete_; }

 private:
  enum class Outcome : uint8_t { answered, ended, stopped };

  // Whether there is a process, or will be.
  bool provideProcess();
  void callStarter();
  void post(size_t capacity);
  Outcome waitForAnswer();
  Outcome ask(size_t capacity);
  size_t takeAnswer(uint8_t* out, size_t capacity);

  const PlaceLease lease_;
  UnpackerPlace& place_;
  bool (*const isStarterThere_)();
  const std::function<bool()> mayGoOn_;
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
