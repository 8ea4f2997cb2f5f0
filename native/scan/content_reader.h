// Reads one file after the other, once, for all searches that want to know its content. One per thread: it owns the
// buffers.
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
  // Of a pseudo file system: it has no size and may never end.
  bool isPseudo;
  bool isRoot;  // asked for by its own path
  // For messages; only called when there is one.
  std::function<std::string()> path;
};

class ContentReader {
 public:
  explicit ContentReader(ScanState& state);

  // Reads until every search has its answer. What could not be read leaves its answers unknown.
  void read(const OpenFile& file, const std::vector<FileState*>& searches);

 private:
  void readPieces(const OpenFile& file, uint64_t limitBytes, bool isSized);
  void attach(const OpenFile& file, const uint8_t* data, size_t count);
  void noteTooLarge(const OpenFile& file);
  // False when what is packed can not be unpacked any further; that is noted.
  bool noteUnpacked(const OpenFile& file, bool last);
  // False when the searches may not look at what begins so; counted as protected.
  bool judge(const OpenFile& file, const uint8_t* head, size_t count, const std::vector<FileState*>& searches);
  bool judgeUnpacked(const OpenFile& file, const uint8_t* head, size_t count);
  bool unpackPiece(const OpenFile& file, const uint8_t* data, size_t count, bool last);
  // Takes what is decided and gives up the digests that nobody needs any more; false when nothing is open.
  bool settle();
  uint32_t wantedDigests(const ContentStream& stream) const;

  ScanState& state_;
  std::vector<FileState*> searches_;
  ContentStream raw_;
  ContentStream unpacked_;
  std::unique_ptr<FileUnpacker> unpacker_;
  PackFormat format_ = PackFormat::none;
  bool isUnpacking_ = false;
  bool hasUnpacked_ = false;  // any of it
  bool isWithheld_ = false;   // protected content, of which no more is told than whether it fits
  bool rawComplete_ = false;
  bool unpackedComplete_ = false;
};

}  // namespace mig
