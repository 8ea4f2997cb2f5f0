// What is known about one file for one search while it is examined.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "content/content_stream.h"
#include "fs/fs.h"
#include "scan/directory.h"
#include "scan/plan.h"

namespace mig {

enum class Answer : uint8_t { unknown, no, yes };

class FileState {
 public:
  void start(const ActiveSearch& place, const Search& search);

  // Each answers what it can and leaves the rest unknown.
  void testName(std::string_view name);
  void testInfo(const fs::FileInfo& info, std::string_view mode);

  // Whether the file can still be a hit.
  bool isAlive() const { return alive_; }
  bool wantsContent() const;
  // How many questions about the content are open: each value that a digest may have is one.
  uint64_t contentQuestions() const;
  // For protected content: the answer names neither the value that fits nor the digest that was asked for. True when it
  // would have.
  bool withholdDetails();
  bool isWithheld() const { return isWithheld_; }
  // Whether all that it wants of the content is digests of the file as it is.
  bool wantsOnlyDigests() const;
  // Whether a test of size, time or mode is open, which may spare the reading.
  bool needsInfo() const { return search_->infoFrom < search_->contentFrom; }
  bool wantsUnpacked() const { return search_->decompress; }
  // Hands the open checks of content to the stream that carries it.
  void attach(ContentStream& stream);
  // Takes what the stream's searches have decided so far.
  void takeDecided();
  // To be called at the end: `complete` when the stream saw the whole content.
  void takeFinal(bool complete);
  // Digests that are still needed from the stream.
  uint32_t wantedDigests() const;
  const ContentStream* stream() const { return stream_; }

  // Checks that match: all, or each on its own, with the index of the digest's value.
  struct Match {
    int32_t check;
    int32_t value;
  };
  const std::vector<Match>& matches();
  // Hex, empty when it was not asked for or could not be read.
  std::string sha256() const;

  const ActiveSearch& place() const { return place_; }
  const Search& search() const { return *search_; }

 private:
  void answer(size_t index, bool matched);
  bool matchesMode(size_t index, uint32_t mode, std::string_view text);
  bool mayHit() const;
  bool returnsSha256() const { return search_->returnSha256 && !isWithheld_; }
  std::ptrdiff_t contentFrom() const { return static_cast<std::ptrdiff_t>(search_->contentFrom); }

  ActiveSearch place_{};
  const Search* search_ = nullptr;
  ContentStream* stream_ = nullptr;
  bool alive_ = false;
  bool wasRead_ = false;
  bool isWithheld_ = false;
  std::vector<Answer> answers_;      // by check
  std::vector<size_t> streamIndex_;  // by check: its place in the stream
  std::vector<int32_t> values_;      // by check: which digest matched
  std::vector<Match> matches_;
  // By check, of the mode that was tested last: most files have the mode of the one before.
  struct TestedMode {
    uint32_t mode = UINT32_MAX;
    bool matched = false;
  };
  std::vector<TestedMode> testedModes_;
};

// Go's text for a mode, which the original's users match against: `-rwxr-xr-x`, `urwxr-xr-x` with setuid.
std::string toModeText(uint32_t mode);

}  // namespace mig
