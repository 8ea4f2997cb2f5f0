// Helpers of fs.h for Linux and macOS.
#pragma once

#include <fcntl.h>

#include <string>

#include "fs/fs.h"

namespace mig::fs {

constexpr int kFileFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

// Like openat(2), but keeps the access time if the system allows it.
int openAt(int directory, const char* name, int flags, Descriptor& out);
int readLinkAt(int directory, const char* name, std::string& target);
FileType typeOfMode(uint32_t mode);

}  // namespace mig::fs
