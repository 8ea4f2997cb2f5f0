#include "packages/lists.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "fs/fs.h"

namespace mig::packages {

namespace {

int appendFile(const fs::Descriptor& folder, const char* name, size_t mostBytes, std::string& bytes) {
  // Only looked at: opening anything but a regular file may already do something.
  fs::FileInfo info;
  if (const int error = fs::readInfoAt(folder, name, info); error != 0) return error;
  if (info.type != fs::FileType::regular) return kNoRegularFile;
  if (info.sizeBytes > mostBytes) return kTooLarge;
  fs::Descriptor file;
  if (const int error = fs::openForReading(folder, name, file); error != 0) return error;
  const size_t start = bytes.size();
  bytes.resize(start + static_cast<size_t>(info.sizeBytes));
  size_t count = 0;
  const int error = fs::readPiece(file, 0, reinterpret_cast<uint8_t*>(&bytes[start]), bytes.size() - start, count);
  bytes.resize(error == 0 ? start + count : start);
  return error;
}

// Most lines differ from all wanted ones in their length and last bytes, which decides without a hash of the line.
class WantedLines {
 public:
  explicit WantedLines(const std::vector<std::string>& wanted) {
    for (uint32_t index = 0; index < wanted.size(); index += 1) {
      indexes_[wanted[index]] = index;
      const uint32_t mark = markOf(wanted[index]);
      marks_[mark / 64] |= uint64_t{1} << (mark % 64);
    }
  }

  // Null for any other line.
  const uint32_t* find(std::string_view line) const {
    const uint32_t mark = markOf(line);
    if ((marks_[mark / 64] >> (mark % 64) & 1) == 0) return nullptr;
    const auto found = indexes_.find(line);
    return found == indexes_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr unsigned kMarkBits = 16;

  static uint32_t markOf(std::string_view line) {
    uint64_t tail = 0;
    const size_t count = std::min(line.size(), sizeof tail);
    if (count > 0) memcpy(&tail, line.data() + line.size() - count, count);
    // The multiplier of Fibonacci hashing, which spreads all bits into the highest ones.
    return static_cast<uint32_t>(((tail ^ (uint64_t{line.size()} << 32)) * 0x9E3779B97F4A7C15u) >> (64 - kMarkBits));
  }

  std::array<uint64_t, (1u << kMarkBits) / 64> marks_{};
  std::unordered_map<std::string_view, uint32_t> indexes_;
};

}  // namespace

std::vector<SmallFile> readSmallFiles(const std::string& folder, const std::vector<std::string>& names, size_t mostBytes, std::string& bytes) {
  std::vector<SmallFile> files(names.size());
  fs::Descriptor directory;
  const int openError = fs::openDirectoryPath(folder, directory);
  for (size_t index = 0; index < names.size(); index += 1) {
    files[index].error = openError != 0 ? openError : appendFile(directory, names[index].c_str(), mostBytes, bytes);
    files[index].end = bytes.size();
  }
  return files;
}

std::vector<FoundLine> findLines(std::string_view bytes, const std::vector<std::string>& wanted) {
  const WantedLines lines(wanted);
  std::vector<FoundLine> found;
  for (size_t start = 0; start < bytes.size();) {
    const void* newline = memchr(bytes.data() + start, '\n', bytes.size() - start);
    const size_t end = newline == nullptr ? bytes.size() : static_cast<size_t>(static_cast<const char*>(newline) - bytes.data());
    if (const uint32_t* line = lines.find(bytes.substr(start, end - start)); line != nullptr) {
      found.push_back({*line, static_cast<uint32_t>(start)});
    }
    start = end + 1;
  }
  return found;
}

}  // namespace mig::packages
