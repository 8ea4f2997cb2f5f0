// The state of one search on one file during its examination.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "content/content_stream.h"
#include "fs/fs.h"
#include "scan/attribute_facts.h"
#include "scan/directory.h"
#include "scan/plan.h"

namespace mig {

enum class Answer : uint8_t { unknown, no, yes };

class FileState {
 public:
  void start(const ActiveSearch& place, const Search& search);

  // Each answers the checks that it can and leaves the rest unknown.
  void testName(std::string_view name);
  // Without a file only the link is known. `link` is empty for what is no link.
  void testInfo(const fs::FileInfo& info, std::string_view mode, std::string_view link, bool isFile, AttributeFacts& attributes);

  // Whether the file can still be a hit.
  bool isAlive() const { return alive_; }
  bool wantsContent() const;
  // For protected content: leaves the questions about it without an answer.
  void refuseContent();
  // The number of open questions about the content; each value of a digest check counts as one.
  uint64_t contentQuestions() const;
  // For protected content: hides which digest value matched, and the requested digest. True when there was such a
  // detail.
  bool withholdDetails();
  bool isWithheld() const { return isWithheld_; }
  // Whether only digests of the unpacked file are open.
  bool wantsOnlyDigests() const;
  // Whether a test of link or metadata is open, which may avoid reading.
  bool needsInfo() const { return search_->infoFrom < search_->contentFrom; }
  bool wantsUnpacked() const { return search_->decompress; }
  // Adds the open content checks to the stream that carries them.
  void attach(ContentStream& stream);
  // Takes the answers decided so far by the stream's searches.
  void takeDecided();
  // Call at the end; `complete` when the stream saw the whole content.
  void takeFinal(bool complete);
  // Whether a line was too long for an answer, and the file may be a hit.
  bool isUndecided() const { return alive_ && isUndecided_; }
  // Whether the system does not tell what a test asks, and the file may be a hit.
  bool lacksFact() const { return alive_ && lacksFact_; }
  // Digests still needed from the stream.
  uint32_t wantedDigests() const;
  const ContentStream* stream() const { return stream_; }

  // The matching checks: all as one match, or each on its own, with the index of the digest value.
  struct Match {
    int32_t check;
    int32_t value;
  };
  const std::vector<Match>& matches();
  // Hex; empty when it was not requested or the file could not be read.
  std::string sha256() const;

  const ActiveSearch& place() const { return place_; }
  const Search& search() const { return *search_; }

 private:
  void answer(size_t index, bool matched);
  std::optional<bool> testFact(const Test& test, const fs::FileInfo& info, AttributeFacts& attributes) const;
  bool matchesMode(size_t index, uint32_t mode, std::string_view text);
  bool mayHit() const;
  void takeLines(size_t index);
  bool returnsSha256() const { return search_->returnSha256 && !isWithheld_; }
  std::ptrdiff_t contentFrom() const { return static_cast<std::ptrdiff_t>(search_->contentFrom); }

  ActiveSearch place_{};
  const Search* search_ = nullptr;
  ContentStream* stream_ = nullptr;
  bool alive_ = false;
  bool wasRead_ = false;
  bool isWithheld_ = false;
  bool isRefused_ = false;
  bool isUndecided_ = false;
  bool lacksFact_ = false;
  std::vector<Answer> answers_;      // by check
  std::vector<size_t> streamIndex_;  // by check: its index in the stream
  std::vector<int32_t> values_;      // by check: the matching digest value
  std::vector<Match> matches_;
  // By check, for the last tested mode: most files have the mode of the file before.
  struct TestedMode {
    uint32_t mode = UINT32_MAX;
    bool matched = false;
  };
  std::vector<TestedMode> testedModes_;
};

// Go's text for a mode, as users of the original match it: `-rwxr-xr-x`, `urwxr-xr-x` with setuid.
std::string toModeText(uint32_t mode);

}  // namespace mig
