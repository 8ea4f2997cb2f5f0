// Makes read-only rules for some seconds, as module processes do at their start, and prints how often each outcome came.
// Arguments: the number of seconds, and the folders to withhold.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "confine/read_only_linux.h"

int main(int count, char** arguments) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(atoi(arguments[1]));
  const std::vector<std::string> withheld(arguments + 2, arguments + count);
  const int version = mig::readLandlockVersion();
  std::map<int, unsigned> outcomes;
  while (std::chrono::steady_clock::now() < end) {
    mig::fs::Descriptor rules;
    outcomes[mig::makeReadOnlyRules(version, withheld, rules)] += 1;
  }
  for (const auto& [error, times] : outcomes) printf("%s: %u\n", error == 0 ? "made" : strerror(error), times);
  return 0;
}
