// Reads files side by side when only digests are wanted: small ones are collected, large ones advance piece by piece.
// One per thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "content/content_stream.h"
#include "fs/fs.h"
#include "scan/file_state.h"
#include "scan/report.h"
#include "scan/scan_state.h"

namespace mig {

class DigestBatch {
 public:
  explicit DigestBatch(ScanState& state) : state_(state) {}

  bool isEmpty() const { return count_ == 0; }
  // Whether another file is more useful than going on.
  bool hasRoom() const;
  // Adds an open, non-empty file and the states of its searches. Its hits are reported when its digests are complete.
  void add(fs::Descriptor opened, const fs::FileInfo& info, const FileLabel& label, std::string mode,
           const std::vector<FileState*>& searches);
  // Reads one piece of as many files as possible; of all files when the scan is ending.
  void advance();

 private:
  struct Member {
    fs::Descriptor file;
    fs::FileInfo info;
    std::string directoryPath;
    std::string name;
    std::string link;
    bool isRoot = false;
    std::string mode;
    std::vector<FileState> searches;
    size_t searchCount = 0;
    ContentStream stream;  // only for its digests
    uint64_t offset = 0;   // where the next piece begins
    const uint8_t* piece = nullptr;
    size_t pieceBytes = 0;
    bool isCold = false;     // its last piece came from disk
    bool isComplete = false;
    bool isEnded = false;  // complete or given up

    FileLabel label() const { return {directoryPath, name, isRoot, link}; }
    uint64_t leftBytes() const { return info.sizeBytes - offset; }
  };

  bool reserve();
  size_t roomBytes() const;
  size_t wantedBytes(const Member& member) const;
  void read(Member& member);
  void judge(Member& member);
  void readOpen();
  void digestPieces();
  void end(Member& member);

  ScanState& state_;
  std::unique_ptr<uint8_t[]> pieces_;
  size_t usedBytes_ = 0;                          // of the pieces
  std::vector<std::unique_ptr<Member>> members_;  // the first `count_` are in use
  size_t count_ = 0;
  size_t openCount_ = 0;      // members with more to read
  bool hasNewOpen_ = false;   // one was added since the last piece
};

}  // namespace mig
