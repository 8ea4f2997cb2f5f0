// Digests of many files at once: small ones are collected, large ones advance piece by piece. One per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "digest/digest.h"
#include "fs/fs.h"
#include "platform/aligned_buffer.h"
#include "scan/scan_state.h"

namespace mig::packages {

enum class ReadOutcome : uint8_t { whole, failed, changed, isProtected, questionLimit };

class DigestQueue {
 public:
  // Called once for each file, with its digest when it was read to its end.
  using OnEnd = std::function<void(size_t file, ReadOutcome outcome, const std::string& digest)>;

  DigestQueue(ScanState& state, DigestAlgorithm algorithm, OnEnd onEnd)
      : state_(state), algorithm_(algorithm), onEnd_(std::move(onEnd)), pieces_(kBufferBytes), members_(kMostMembers) {}

  void add(size_t file, fs::Descriptor opened, const fs::FileInfo& info);
  // Reads all that is left, unless the work was stopped.
  void finish();

 private:
  static constexpr size_t kPieceBytes = 128 * 1024;
  static constexpr size_t kBufferBytes = 16 * kPieceBytes;
  static constexpr size_t kMostMembers = 128;

  struct Member {
    size_t file = 0;
    fs::Descriptor opened;
    fs::FileInfo info;
    uint64_t offset = 0;
    const uint8_t* piece = nullptr;
    size_t pieceBytes = 0;
    bool isEnded = false;
    ReadOutcome outcome = ReadOutcome::whole;
    DigestSet digests;

    uint64_t leftBytes() const { return info.sizeBytes - offset; }
  };

  static size_t wantedBytes(const Member& member);
  size_t roomBytes() const { return kBufferBytes - usedBytes_; }
  void read(Member& member);
  ReadOutcome judge(const Member& member) const;
  void advance();
  void digestPieces();

  ScanState& state_;
  const DigestAlgorithm algorithm_;
  const OnEnd onEnd_;
  AlignedBuffer pieces_;
  size_t usedBytes_ = 0;
  std::vector<std::unique_ptr<Member>> members_;  // the first `count_` are in use
  size_t count_ = 0;
};

}  // namespace mig::packages
