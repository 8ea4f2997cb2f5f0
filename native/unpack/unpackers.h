// Where packed files are unpacked: on Linux in processes without any rights once those are started, otherwise in this one.
// What decodes a stranger's bytes may have a defect; there it reaches nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "content/unpacker.h"

namespace mig {

// Once, before this process gives up starting others; false with the reason in `error`.
bool startUnpackers(std::string& error);
// Ends all of them and waits for that; what they used of the processor, in nanoseconds.
uint64_t stopUnpackers();
// What they have used until now. By one thread at a time.
uint64_t readUnpackersCpu();

// For one thread. `mayGoOn` is asked every now and then while it waits.
std::unique_ptr<FileUnpacker> makeFileUnpacker(std::function<bool()> mayGoOn);

}  // namespace mig
