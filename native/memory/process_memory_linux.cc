#include "memory/process_memory_linux.h"

#include <fcntl.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace mig {

int ProcessMemory::readOne(const MemoryPiece& piece, uint8_t* buffer, size_t& got) {
  if (!mem_.isOpen()) {
    if (const int error = process_.openFile("mem", O_RDONLY, mem_); error != 0) return error;
  }
  const int error = proc::readAt(mem_, piece.address, buffer + piece.bufferOffset, piece.sizeBytes, got);
  // The page was unmapped since it was listed; the rest may still exist.
  return error == EIO || error == EFAULT ? 0 : error;
}

// One call for all pieces that are contiguous in the buffer.
int ProcessMemory::readTogether(const std::vector<MemoryPiece>& pieces, size_t from, size_t to, uint8_t* buffer, std::vector<size_t>& got) {
  while (from < to) {
    iovec remote[Target::kMaxPieces];
    iovec local[Target::kMaxPieces];
    const size_t count = std::min(to - from, Target::kMaxPieces);
    for (size_t index = 0; index < count; index += 1) {
      const MemoryPiece& piece = pieces[from + index];
      remote[index] = {reinterpret_cast<void*>(piece.address), piece.sizeBytes};
      local[index] = {buffer + piece.bufferOffset, piece.sizeBytes};
    }
    const ssize_t result = process_vm_readv(process_.pid(), local, count, remote, count, 0);
    if (result < 0 && errno != EFAULT && errno != EIO) return errno;
    auto left = static_cast<size_t>(std::max<ssize_t>(result, 0));
    size_t index = 0;
    for (; index < count; index += 1) {
      got[from + index] = std::min(left, pieces[from + index].sizeBytes);
      left -= got[from + index];
      if (got[from + index] < pieces[from + index].sizeBytes) break;
    }
    // Skips the piece where the call stopped.
    from += std::min(index + 1, count);
  }
  return 0;
}

int ProcessMemory::read(const std::vector<MemoryPiece>& pieces, uint8_t* buffer, std::vector<size_t>& got) {
  got.assign(pieces.size(), 0);
  for (size_t from = 0; from < pieces.size();) {
    size_t to = from;
    while (to < pieces.size() && !onlyMem_ && !pieces[to].isProtected) to += 1;
    if (to > from) {
      const int error = readTogether(pieces, from, to, buffer, got);
      if (error == EPERM || error == ENOSYS || error == EACCES) onlyMem_ = true;
      else if (error != 0) return error;
      else from = to;
      continue;
    }
    if (const int error = readOne(pieces[from], buffer, got[from]); error != 0) return error;
    from += 1;
  }
  return 0;
}

}  // namespace mig
