#include "scan/first_bytes.h"

#include <algorithm>

namespace mig {

void withholdDetails(ScanState& state, const std::vector<FileState*>& searches) {
  for (FileState* search : searches) {
    if (search->withholdDetails()) state.count(Skip::isProtected);
  }
}

bool mayLookAt(ScanState& state, const uint8_t* head, size_t count, const std::vector<FileState*>& searches) {
  if (!state.protection.judgesContents()) return true;
  const Protection::Verdict verdict = state.protection.judgeContent(secretKindOf(head, count));
  if (!verdict.isProtected) return true;
  if (!verdict.mayRead) return false;
  // Its path may have protected it already.
  if (std::any_of(searches.begin(), searches.end(), [](const FileState* search) { return search->isWithheld(); })) return true;
  uint64_t questions = 0;
  for (const FileState* search : searches) questions += search->contentQuestions();
  if (!state.protection.takeQuestions(questions)) return false;
  withholdDetails(state, searches);
  return true;
}

}  // namespace mig
