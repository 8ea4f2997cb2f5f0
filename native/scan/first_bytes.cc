#include "scan/first_bytes.h"

#include <algorithm>

namespace mig {

namespace {

// Its path may have protected the file already, and the search has paid.
bool isOpen(const FileState& search) { return search.wantsContent() && !search.isWithheld(); }

}  // namespace

void askAboutProtected(ScanState& state, const Protection::Verdict& verdict, const std::vector<FileState*>& searches, const RootPath& rootPath) {
  bool isProtected = false;
  bool isOverLimit = false;
  for (FileState* search : searches) {
    if (!isOpen(*search)) continue;
    const bool mayAsk = verdict.mayRead && state.protection.takeQuestions(search->contentQuestions());
    if (mayAsk) {
      if (search->withholdDetails()) state.count(Skip::isProtected);
      continue;
    }
    const Skip reason = verdict.mayRead ? Skip::questionLimit : Skip::isProtected;
    (verdict.mayRead ? isOverLimit : isProtected) = true;
    search->refuseContent();
    const std::string root = rootPath();
    if (!root.empty()) state.refuseRoot(search->place().search, root, reason);
  }
  if (isProtected) state.count(Skip::isProtected);
  if (isOverLimit) state.count(Skip::questionLimit);
}

void judgeFirstBytes(ScanState& state, const uint8_t* head, size_t count, const std::vector<FileState*>& searches, const RootPath& rootPath) {
  if (!state.protection.judgesContents()) return;
  const Protection::Verdict verdict = state.protection.judgeContent(secretKindOf(head, count));
  if (verdict.isProtected) askAboutProtected(state, verdict, searches, rootPath);
}

bool anyWantsContent(const std::vector<FileState*>& searches) {
  return std::any_of(searches.begin(), searches.end(), [](const FileState* search) { return search->wantsContent(); });
}

}  // namespace mig
