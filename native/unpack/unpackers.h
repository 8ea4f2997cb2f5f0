// The place where packed files are unpacked: on Linux in processes without any rights once those are started, otherwise
// in this one. A defect in a decoder can do no harm there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "content/unpacker.h"

namespace mig {

// Call once, before this process gives up the right to fork; false with the reason in `error`.
bool startUnpackers(std::string& error);
// Ends all unpackers and waits for their end; returns their CPU time in nanoseconds.
uint64_t stopUnpackers();
// Their CPU time so far. Only one thread may call it at a time.
uint64_t readUnpackersCpu();

// For one thread. `mayContinue` is called repeatedly during waits.
std::unique_ptr<FileUnpacker> makeFileUnpacker(std::function<bool()> mayContinue);

}  // namespace mig
