// Digests of a stream of bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "digest/lanes.h"

namespace mig {

enum class DigestAlgorithm : uint8_t { md5, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512 };
constexpr size_t kDigestAlgorithms = 10;

// False for an unknown name; known are names such as `sha256` and `sha3-256`.
bool parseDigestAlgorithm(std::string_view name, DigestAlgorithm& algorithm);
size_t digestBytes(DigestAlgorithm algorithm);

// One running digest, reusable for one file after the other.
class Digest {
 public:
  virtual ~Digest() = default;
  virtual bool start() = 0;
  virtual bool update(const uint8_t* data, size_t sizeBytes) = 0;
  // The raw bytes; empty after a failure.
  virtual std::string finish() = 0;

  // Null when the crypto library refuses the algorithm (a FIPS policy refuses MD5).
  static std::unique_ptr<Digest> create(DigestAlgorithm algorithm);
};

std::string toHex(std::string_view bytes);

struct DigestInput;

// Several digests of one file in one pass.
class DigestSet {
 public:
  void start(uint32_t algorithms);
  // The same for a set whose pieces all come from updateTogether.
  void startTogether(uint32_t algorithms);
  // Drops algorithms that are no longer in `algorithms`.
  void keepOnly(uint32_t algorithms) { active_ &= algorithms; }
  bool isEmpty() const { return active_ == 0; }
  void update(const uint8_t* data, size_t sizeBytes);
  // Finishes all active digests; one that failed or was not asked for is empty.
  void finish();
  const std::string& value(DigestAlgorithm algorithm) const { return values_[static_cast<size_t>(algorithm)]; }

  static uint32_t bit(DigestAlgorithm algorithm) { return 1u << static_cast<unsigned>(algorithm); }
  // Algorithms that on this machine are faster for several files at once than one by one.
  static uint32_t fasterTogether();

 private:
  friend void updateTogether(const std::vector<DigestInput>& inputs);

  std::array<std::unique_ptr<Digest>, kDigestAlgorithms> digests_;
  std::array<std::string, kDigestAlgorithms> values_;
  uint32_t active_ = 0;
  uint32_t inLanes_ = 0;  // the active ones that `lanes_` computes
  std::array<LaneDigest, kLaneAlgorithms> lanes_;
};

// The next piece of one file.
struct DigestInput {
  DigestSet* digests;
  const uint8_t* data;
  size_t sizeBytes;
  bool last;
};

// Feeds one piece to each of several sets that were started together; each set at most once.
void updateTogether(const std::vector<DigestInput>& inputs);

}  // namespace mig
