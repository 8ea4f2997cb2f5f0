// Lists of files as package managers keep them: many small files in one folder, with a path in each line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mig::packages {

// Errors beside those of the system.
constexpr int kTooLarge = -1;
constexpr int kNoRegularFile = -2;

struct SmallFile {
  size_t end = 0;  // in the bytes of all files
  int error = 0;
};

// Appends the files, in the order of their names. A link is not followed.
std::vector<SmallFile> readSmallFiles(const std::string& folder, const std::vector<std::string>& names, size_t mostBytes, std::string& bytes);

struct FoundLine {
  uint32_t line = 0;  // index of the wanted line
  uint32_t start = 0;
};

// All lines that are equal to a wanted one.
std::vector<FoundLine> findLines(std::string_view bytes, const std::vector<std::string>& wanted);

}  // namespace mig::packages
