// Examines files: name, then metadata, then content, each only if the answer is still open. One per thread. Those of
// which only digests are wanted are read side by side, the others one after the other.
#pragma once

#include <string>
#include <vector>

#include "scan/content_reader.h"
#include "scan/digest_batch.h"
#include "scan/directory.h"
#include "scan/file_state.h"
#include "scan/link_scope.h"
#include "scan/scan_state.h"

namespace mig {

class Examiner {
 public:
  Examiner(ScanState& state, const LinkScope& scope) : state_(state), scope_(scope), states_(state.plan.searches.size()), reader_(state), batch_(state) {}

  // Whether any search is still interested once it knows the name; the file itself is not touched.
  bool selectByName(const FileView& file);
  // To be called after selectByName for the same file. It may leave the file unfinished.
  void examineSelected(const FileView& file);

  // Whether no file is unfinished.
  bool isIdle() const { return batch_.isEmpty(); }
  // Whether another file is better than going on with those that are unfinished.
  bool hasRoom() const { return batch_.hasRoom(); }
  // Goes on with the unfinished files.
  void advance() { batch_.advance(); }

 private:
  // What a name stands for.
  struct Located {
    fs::FileInfo info;
    fs::Descriptor target;  // of a link, not for reading
    fs::Descriptor opened;  // for reading, if that was done already
    std::string realPath;   // of a link's target
  };

  // Told of by no name, so judged before any name is compared: what is counted must not depend on the question.
  bool isHidden(const FileView& file);
  bool locate(const FileView& file, Located& located);
  bool followLink(const FileView& file, Located& located);
  bool wantsContent() const;
  bool wantsDigestsTogether() const;
  bool needsInfo() const;
  // False when the file can not be read.
  bool openContent(const FileView& file, Located& located);
  Protection::Verdict judge(const FileView& file, const Located& located);
  // False when the content is protected from those who ask, or asked about too often, or nothing of it is left to tell.
  bool mayRead(const FileView& file, const Located& located);
  void refuse(const FileView& file);
  const std::string& modeText(uint32_t mode);
  std::string pathOf(const FileView& file) const;

  ScanState& state_;
  const LinkScope& scope_;
  std::vector<FileState> states_;     // room for every search
  std::vector<FileState*> selected_;  // those that look at this file
  uint32_t mode_ = 0;
  std::string modeText_;  // of mode_
  ContentReader reader_;
  DigestBatch batch_;
  Protection::DirectoryMatches matches_;
};

}  // namespace mig
