#include "proc/digest_executable.h"

#include <cerrno>
#include <vector>

namespace mig::proc {

namespace {

constexpr size_t kPieceBytes = 128 * 1024;

}  // namespace

int digestExecutable(int pid, uint64_t startTicks, DigestSet& digests, CpuBudget& budget, const std::atomic<bool>& stop) {
  fs::Descriptor file;
  if (const int error = openExecutable(pid, startTicks, file); error != 0) return error;
  fs::preparePoliteReading(file);
  std::vector<uint8_t> piece(kPieceBytes);
  size_t count = 0;
  for (uint64_t offset = 0;; offset += count) {
    if (stop.load(std::memory_order_relaxed)) return ECANCELED;
    if (const int error = fs::readPiece(file, offset, piece.data(), piece.size(), count); error != 0) return error;
    digests.update(piece.data(), count);
    if (count < piece.size()) break;
    budget.pause(stop);
  }
  digests.finish();
  return 0;
}

}  // namespace mig::proc
