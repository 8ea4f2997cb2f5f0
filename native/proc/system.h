// Reads from /proc by direct system calls: a preloaded library that hides processes replaces the C library's functions.
// Linux only. Every function returns 0 or an errno value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "fs/fs.h"

namespace mig::proc {

int openAt(int directory, const char* name, int flags, fs::Descriptor& out);
// Reads up to `maxBytes`; sets `cut`, if given, when there was more.
int readToEnd(const fs::Descriptor& file, size_t maxBytes, std::string& text, bool* cut = nullptr);
// Reads exactly `count` bytes at `offset` unless the file ends; `got` is the number of bytes read.
int readAt(const fs::Descriptor& file, uint64_t offset, void* buffer, size_t count, size_t& got);
int readLinkAt(int directory, const char* name, std::string& target);

struct FileStatus {
  fs::FileId id;
  uint64_t links = 0;
  uint32_t mode = 0;
  uint32_t ownerId = 0;
  uint64_t shownDevice = 0;  // the device that the file represents, encoded as by makedev(3)
  int64_t changedNanoseconds = 0;  // of the last change to the file or its attributes, since the epoch
};
// Follows links, also those of /proc to an open file.
int statAt(int directory, const char* name, FileStatus& status);
int statFile(const fs::Descriptor& file, FileStatus& status);

// Calls `visit` with each name but "." and ".." until it returns false.
int listDirectory(const fs::Descriptor& directory, const std::function<bool(const char* name)>& visit);

// A decimal number below 2^63; false for any other text.
bool parseNumber(std::string_view text, uint64_t& value);

}  // namespace mig::proc
