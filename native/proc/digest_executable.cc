#include "proc/digest_executable.h"

#include <cerrno>

#include "platform/aligned_buffer.h"

namespace mig::proc {

namespace {

constexpr size_t kPieceBytes = 128 * 1024;

}  // namespace

int digestExecutable(int pid, uint64_t startTicks, DigestSet& digests, CpuBudget& budget, const std::atomic<bool>& stop) {
  fs::Descriptor file;
  if (const int error = openExecutable(pid, startTicks, file); error != 0) return error;
  fs::avoidCaching(file);
  const AlignedBuffer piece(kPieceBytes);
  size_t count = 0;
  for (uint64_t offset = 0;; offset += count) {
    if (stop.load(std::memory_order_relaxed)) return ECANCELED;
    if (const int error = fs::readPiece(file, offset, piece.get(), kPieceBytes, count); error != 0) return error;
    digests.update(piece.get(), count);
    if (count < kPieceBytes) break;
    budget.pause(stop);
  }
  digests.finish();
  return 0;
}

}  // namespace mig::proc
