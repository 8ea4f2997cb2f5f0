// MD5, SHA-1 and SHA-256 of several streams in parallel, one SIMD lane each: many times faster than one after the
// other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "digest/lanes_kernels.h"

namespace mig {

enum class LaneAlgorithm : uint8_t { md5, sha1, sha256 };
constexpr size_t kLaneAlgorithms = 3;

// The kernels for one algorithm on one processor.
struct LaneSet {
  Kernel many;
  Kernel one;
  // The smallest number of streams for which `many` is faster than `one`.
  size_t fewest = 0;
};

// The running digest of one stream.
class LaneDigest {
 public:
  void start(LaneAlgorithm algorithm);
  // The raw bytes; empty until the last piece was taken.
  std::string value() const;

 private:
  friend class LaneStream;
  friend class LaneRun;

  void pad();

  LaneAlgorithm algorithm_ = LaneAlgorithm::md5;
  bool isPadded_ = false;
  uint64_t sizeBytes_ = 0;
  size_t restBytes_ = 0;  // of an unfinished block
  std::array<uint32_t, 8> state_{};
  std::array<uint8_t, 128> rest_{};
};

// The next piece of a stream.
struct LaneInput {
  LaneDigest* digest;
  const uint8_t* data;
  size_t sizeBytes;
  bool last;
};

// Null when no kernel is faster than OpenSSL.
const LaneSet* lanesFor(LaneAlgorithm algorithm);

// Feeds one piece to each of several digests of the same algorithm; each digest at most once.
void updateLanes(const LaneSet& set, LaneAlgorithm algorithm, std::vector<LaneInput> inputs);

}  // namespace mig
