#include "textlog/line_head.h"

namespace mig::textlog {

namespace {

constexpr size_t kMostTagBytes = 64;

// `<34>`; -1 without one.
int priorityOf(std::string_view line) {
  if (line.empty() || line[0] != '<') return -1;
  int value = 0;
  for (size_t at = 1; at < line.size() && at <= 4; at += 1) {
    if (line[at] == '>') return at == 1 || value > 191 ? -1 : value % 8;
    if (line[at] < '0' || line[at] > '9') return -1;
    value = value * 10 + (line[at] - '0');
  }
  return -1;
}

bool isFramed(std::string_view line) {
  const size_t close = line.substr(0, 6).find('>');
  return priorityOf(line) >= 0 && close != std::string_view::npos && line.substr(close + 1, 2) == "1 ";
}

// The next word; the blank behind it is taken away.
std::string_view takeWord(std::string_view& rest) {
  const size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

// `sshd[123]:`, `kernel:`; empty for anything else.
std::string_view tagOf(std::string_view rest) {
  const size_t end = rest.substr(0, kMostTagBytes + 1).find_first_of(" :[");
  if (end == std::string_view::npos || end == 0 || rest[end] == ' ') return {};
  if (rest[end] == ':') return rest.substr(0, end);
  size_t at = end + 1;
  while (at < rest.size() && rest[at] >= '0' && rest[at] <= '9') at += 1;
  const bool isClosed = at > end + 1 && rest.substr(at, 2) == "]:";
  return isClosed ? rest.substr(0, end) : std::string_view();
}

}  // namespace

LineHead parseHead(std::string_view line, const Stamp& stamp) {
  LineHead head;
  head.priority = priorityOf(line);
  if (stamp.kind == StampKind::none || stamp.end >= line.size() || line[stamp.end] != ' ') return head;
  std::string_view rest = line.substr(stamp.end + 1);
  takeWord(rest);
  if (isFramed(line)) {
    const std::string_view name = takeWord(rest);
    if (name != "-" && name.size() <= kMostTagBytes) head.identifier = name;
  } else {
    head.identifier = tagOf(rest);
  }
  return head;
}

}  // namespace mig::textlog
