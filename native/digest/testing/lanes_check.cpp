// For lanes.test.ts: digests streams from standard input with the named kernels, in random pieces, whatever the
// processor would choose. `lanes_check KERNELS ALGORITHM FEWEST SEED`; each stream is its length as four bytes,
// little-endian, then its bytes; each output line is a digest.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "digest/lanes.h"

using mig::Kernel;
using mig::Kernels;
using mig::LaneAlgorithm;

namespace {

using Stream = std::vector<uint8_t>;

std::vector<Stream> readStreams() {
  std::vector<Stream> streams;
  uint8_t length[4];
  while (fread(length, 1, sizeof length, stdin) == sizeof length) {
    Stream stream(size_t{length[0]} | size_t{length[1]} << 8 | size_t{length[2]} << 16 | size_t{length[3]} << 24);
    if (fread(stream.data(), 1, stream.size(), stdin) != stream.size()) abort();
    streams.push_back(std::move(stream));
  }
  return streams;
}

Kernel pick(const Kernels& kernels, LaneAlgorithm algorithm) {
  switch (algorithm) {
    case LaneAlgorithm::md5: return kernels.md5;
    case LaneAlgorithm::sha1: return kernels.sha1;
    case LaneAlgorithm::sha256: return kernels.sha256;
  }
  abort();
}

constexpr size_t kMostPieceBytes = 70000;

// Holds one piece of a stream at a time, which ends where the next page may not be read: an overread ends the program.
class GuardedPiece {
 public:
  GuardedPiece() {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t readable = (kMostPieceBytes + page - 1) / page * page;
    void* memory = mmap(nullptr, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) abort();
    end_ = static_cast<uint8_t*>(memory) + readable;
    if (mprotect(end_, page, PROT_NONE) != 0) abort();
  }

  // Takes a random number of bytes of the stream, and says whether they are its last.
  bool take(const Stream& stream, size_t& offset, std::mt19937& random) {
    const size_t most = random() % 2 == 0 ? 200 : kMostPieceBytes;
    size_ = std::min(stream.size() - offset, size_t{random()} % most);
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(offset), size_, end_ - size_);
    offset += size_;
    return offset == stream.size() && random() % 3 != 0;
  }

  const uint8_t* data() const { return end_ - size_; }
  size_t size() const { return size_; }

 private:
  uint8_t* end_;
  size_t size_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  const std::map<std::string, const Kernels*> known = {{"scalar", &mig::kScalarKernels},
#if defined(__aarch64__)
                                                       {"neon", &mig::kNeonKernels},
                                                       {"arm-sha", &mig::kArmShaKernels},
                                                       {"arm-sha4", &mig::kArmShaFourKernels},
#endif
#if defined(__x86_64__)
                                                       {"sha", &mig::kShaKernels},
                                                       {"sha4", &mig::kShaFourKernels},
                                                       {"avx2", &mig::kAvx2Kernels},
                                                       {"avx512", &mig::kAvx512Kernels},
#endif
  };
  const std::map<std::string, LaneAlgorithm> algorithms = {
      {"md5", LaneAlgorithm::md5}, {"sha1", LaneAlgorithm::sha1}, {"sha256", LaneAlgorithm::sha256}};
  const LaneAlgorithm algorithm = algorithms.at(arguments[2]);
  const Kernel many = pick(*known.at(arguments[1]), algorithm);
  const mig::LaneSet set{many, pick(mig::kScalarKernels, algorithm), static_cast<size_t>(atoi(arguments[3]))};
  std::mt19937 random(static_cast<unsigned>(atoi(arguments[4])));

  const std::vector<Stream> streams = readStreams();
  std::vector<mig::LaneDigest> digests(streams.size());
  std::vector<size_t> offsets(streams.size());
  for (mig::LaneDigest& digest : digests) digest.start(algorithm);
  std::vector<GuardedPiece> pieces(streams.size());
  std::vector<size_t> open(streams.size());
  for (size_t index = 0; index < open.size(); index += 1) open[index] = index;
  while (!open.empty()) {
    std::vector<mig::LaneInput> inputs;
    std::vector<size_t> next;
    for (const size_t index : open) {
      GuardedPiece& piece = pieces[index];
      const bool last = piece.take(streams[index], offsets[index], random);
      inputs.push_back({&digests[index], piece.data(), piece.size(), last});
      if (!last) next.push_back(index);
    }
    mig::updateLanes(set, algorithm, inputs);
    open = next;
  }
  for (const mig::LaneDigest& digest : digests) {
    for (const char c : digest.value()) printf("%02x", static_cast<unsigned char>(c));
    printf("\n");
  }
}
