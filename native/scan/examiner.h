// Examines files: name, then metadata, then content, each only if the answer is still open. Files whose digests alone
// are wanted are read side by side, others one by one. One per thread.
#pragma once

#include <string>
#include <vector>

#include "scan/attribute_facts.h"
#include "scan/content_reader.h"
#include "scan/digest_batch.h"
#include "scan/directory.h"
#include "scan/file_state.h"
#include "scan/first_bytes.h"
#include "scan/link_scope.h"
#include "scan/scan_state.h"

namespace mig {

class Examiner {
 public:
  Examiner(ScanState& state, const LinkScope& scope) : state_(state), scope_(scope), states_(state.plan.searches.size()), reader_(state), batch_(state) {}

  // Whether any search is still open after the name test; the file itself is not touched.
  bool selectByName(const FileView& file);
  // Call after selectByName for the same file. The file may stay unfinished.
  void examineSelected(const FileView& file);

  // Whether there is no unfinished file.
  bool isIdle() const { return batch_.isEmpty(); }
  // Whether another file is more useful than going on with the unfinished ones.
  bool hasRoom() const { return batch_.hasRoom(); }
  // Continues the unfinished files.
  void advance() { batch_.advance(); }

 private:
  // The file behind a name.
  struct Located {
    fs::FileInfo info;      // of the file, or of a link that leads to none
    bool hasFile = true;
    std::string link;       // a link's text; empty for what is no link
    fs::Descriptor target;  // of a link; not for reading
    bool isPseudo = false;  // of a link's target
    fs::Descriptor opened;  // for reading, if already opened
    std::string realPath;   // of a link's target; without a target where it would be
  };

  // A file that may not be told of at all. Judged before any name is compared, so that the count does not depend on the
  // question.
  bool isHidden(const FileView& file);
  bool locate(const FileView& file, Located& located);
  bool followLink(const FileView& file, Located& located);
  bool isInsideAll(const std::string& realPath) const;
  std::string directoryOf(const FileView& file) const;
  bool wantsContent() const;
  bool wantsDigestsTogether() const;
  bool needsInfo() const;
  bool hasReadEffect(const FileView& file, Located& located);
  // False when the file cannot be read.
  bool openContent(const FileView& file, Located& located);
  Protection::Verdict judge(const FileView& file, const Located& located);
  // False when no search may ask about the content.
  bool mayRead(const FileView& file, const Located& located);
  void refuseToTell(const FileView& file);
  RootPath rootPathOf(const FileView& file) const;
  const std::string& modeText(const fs::FileInfo& info);
  std::string pathOf(const FileView& file) const;

  ScanState& state_;
  const LinkScope& scope_;
  std::vector<FileState> states_;     // room for every search
  std::vector<FileState*> selected_;  // those that cover this file
  uint32_t mode_ = 0;
  std::string modeText_;  // of mode_
  ContentReader reader_;
  DigestBatch batch_;
  AttributeFacts attributes_;  // of this file
  Protection::DirectoryMatches matches_;
};

}  // namespace mig
