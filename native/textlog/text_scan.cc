#include "textlog/text_scan.h"

#include <algorithm>
#include <cstring>

namespace mig::textlog {

namespace {

constexpr size_t kJudgedBytes = 4096;
// More zeros than this share of the first bytes are no text.
constexpr size_t kOneZeroIn = 8;

bool isText(std::string_view head) {
  const auto zeros = static_cast<size_t>(std::count(head.begin(), head.end(), '\0'));
  return zeros * kOneZeroIn <= head.size();
}

}  // namespace

TextScan::TextScan(const TextPlan& plan) {
  for (const SearchPlan& search : plan.searches) searches_.emplace_back(search, plan.mostValues);
}

bool TextScan::add(std::string_view piece) {
  if (piece.empty()) return true;
  if (!isBegun_ && !isText(piece.substr(0, kJudgedBytes))) return false;
  isBegun_ = true;
  countZeros(piece);
  const size_t last = piece.rfind('\n');
  if (last == std::string_view::npos) {
    keep(piece);
    return true;
  }
  size_t start = 0;
  if (!kept_.empty()) {
    start = piece.find('\n') + 1;
    keep(piece.substr(0, start));
    if (kept_.back() != '\n') kept_.back() = '\n';
    addLines(kept_);
    kept_.clear();
    isCut_ = false;
  }
  if (start <= last) addLines(piece.substr(start, last + 1 - start));
  keep(piece.substr(last + 1));
  return true;
}

void TextScan::finish() {
  if (!kept_.empty()) addLines(kept_);
  kept_.clear();
}

void TextScan::addLines(std::string_view lines) {
  clock_.addLines(lines);
  for (TextSearch& search : searches_) search.addLines(lines, clock_);
}

void TextScan::keep(std::string_view rest) {
  const size_t room = kMaxLineBytes - std::min(kept_.size(), kMaxLineBytes);
  kept_.append(rest.substr(0, room));
  if (rest.size() <= room || isCut_) return;
  isCut_ = true;
  longLines_ += 1;
}

void TextScan::countZeros(std::string_view piece) {
  const char* end = piece.data() + piece.size();
  for (const char* at = piece.data(); at < end;) {
    at = static_cast<const char*>(memchr(at, '\0', static_cast<size_t>(end - at)));
    if (at == nullptr) return;
    const char* after = std::find_if(at, end, [](char letter) { return letter != '\0'; });
    if (static_cast<size_t>(after - at) >= kZeroRunBytes) zeroRuns_ += 1;
    at = after;
  }
}

}  // namespace mig::textlog
