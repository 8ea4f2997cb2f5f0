#include "unpack/unpackers.h"

namespace mig {

bool startUnpackers(std::string&) { return true; }

uint64_t stopUnpackers() { return 0; }

uint64_t readUnpackersCpu() { return 0; }

std::unique_ptr<FileUnpacker> makeFileUnpacker(std::function<bool()>) { return std::make_unique<Unpacker>(); }

}  // namespace mig
