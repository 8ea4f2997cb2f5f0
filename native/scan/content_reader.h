// Reads one file after the other, each once for all searches of its content. One per thread, as it owns the buffers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "content/content_stream.h"
#include "content/unpacker.h"
#include "fs/fs.h"
#include "scan/file_state.h"
#include "scan/scan_state.h"

namespace mig {

// A file that is open for reading.
struct OpenFile {
  const fs::Descriptor& descriptor;
  const fs::FileInfo& info;
  // In a pseudo file system: it has no size and may never end.
  bool isPseudo;
  bool isRoot;  // named as a root itself
  // For messages; called only when one is needed.
  std::function<std::string()> path;
};

class ContentReader {
 public:
  explicit ContentReader(ScanState& state);

  // Reads until every search has its answer. After a read error what is before it counts; other answers stay unknown.
  void read(const OpenFile& file, const std::vector<FileState*>& searches);

 private:
  void readPieces(const OpenFile& file, uint64_t limitBytes, bool isSized);
  void attach(const OpenFile& file, const uint8_t* data, size_t count);
  void noteTooLarge(const OpenFile& file);
  // False when unpacking cannot go on; that is noted.
  bool noteUnpacked(const OpenFile& file, bool last);
  // False when the searches may not see content that begins like this; it is counted as protected.
  bool judge(const OpenFile& file, const uint8_t* head, size_t count, const std::vector<FileState*>& searches);
  bool judgeUnpacked(const OpenFile& file, const uint8_t* head, size_t count);
  bool unpackPiece(const OpenFile& file, const uint8_t* data, size_t count, bool last);
  // Takes the answers and drops digests that are no longer needed; false when no answer is open.
  bool settle();
  uint32_t wantedDigests(const ContentStream& stream) const;

  ScanState& state_;
  std::vector<FileState*> searches_;
  ContentStream raw_;
  ContentStream unpacked_;
  std::unique_ptr<FileUnpacker> unpacker_;
  PackFormat format_ = PackFormat::none;
  bool isUnpacking_ = false;
  bool hasUnpacked_ = false;  // whether any of it was unpacked
  bool isWithheld_ = false;   // protected content: only whether it matches may be told
  bool rawComplete_ = false;
  bool unpackedComplete_ = false;
};

}  // namespace mig
