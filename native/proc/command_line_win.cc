#include "proc/command_line_win.h"

#include <algorithm>

namespace mig::proc {

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

// The program's name has no escapes: quotes only protect blanks.
void takeProgram(std::string_view& line, std::string& arguments) {
  bool isQuoted = false;
  while (!line.empty() && (isQuoted || !isBlank(line[0]))) {
    if (line[0] == '"') isQuoted = !isQuoted;
    else arguments += line[0];
    line.remove_prefix(1);
  }
  arguments += '\0';
}

// Backslashes are literal unless a quote follows: then each pair is one backslash, and an odd one escapes the quote.
// Two quotes within quotes are one quote.
void takeArgument(std::string_view& line, std::string& arguments) {
  bool isQuoted = false;
  while (!line.empty() && (isQuoted || !isBlank(line[0]))) {
    const size_t backslashes = std::min(line.find_first_not_of('\\'), line.size());
    line.remove_prefix(backslashes);
    if (line.empty() || line[0] != '"') {
      arguments.append(backslashes, '\\');
      if (backslashes > 0) continue;
      arguments += line[0];
    } else {
      arguments.append(backslashes / 2, '\\');
      const bool isDoubled = isQuoted && line.size() > 1 && line[1] == '"';
      if (backslashes % 2 == 1 || isDoubled) arguments += '"';
      else isQuoted = !isQuoted;
      if (backslashes % 2 == 0 && isDoubled) line.remove_prefix(1);
    }
    line.remove_prefix(1);
  }
  arguments += '\0';
}

}  // namespace

std::string splitCommandLine(std::string_view line) {
  std::string arguments;
  if (line.empty()) return arguments;
  takeProgram(line, arguments);
  for (;;) {
    while (!line.empty() && isBlank(line[0])) line.remove_prefix(1);
    if (line.empty()) return arguments;
    takeArgument(line, arguments);
  }
}

}  // namespace mig::proc
