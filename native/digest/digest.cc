#include "digest/digest.h"

namespace mig {

namespace {

struct Description {
  std::string_view name;
  size_t sizeBytes;
};

// In the order of DigestAlgorithm.
constexpr std::array<Description, kDigestAlgorithms> kDescriptions = {{
    {"md5", 16},
    {"sha1", 20},
    {"sha224", 28},
    {"sha256", 32},
    {"sha384", 48},
    {"sha512", 64},
    {"sha3-224", 28},
    {"sha3-256", 32},
    {"sha3-384", 48},
    {"sha3-512", 64},
}};

// In the order of LaneAlgorithm.
constexpr std::array<DigestAlgorithm, kLaneAlgorithms> kInLanes = {DigestAlgorithm::md5, DigestAlgorithm::sha1,
                                                                  DigestAlgorithm::sha256};

// Algorithms refused by the crypto library's policy are refused here, too.
uint32_t findFasterTogether() {
  uint32_t algorithms = 0;
  for (size_t index = 0; index < kLaneAlgorithms; index += 1) {
    if (lanesFor(static_cast<LaneAlgorithm>(index)) == nullptr || !Digest::create(kInLanes[index])) continue;
    algorithms |= DigestSet::bit(kInLanes[index]);
  }
  return algorithms;
}

}  // namespace

bool parseDigestAlgorithm(std::string_view name, DigestAlgorithm& algorithm) {
  for (size_t index = 0; index < kDescriptions.size(); index += 1) {
    if (kDescriptions[index].name != name) continue;
    algorithm = static_cast<DigestAlgorithm>(index);
    return true;
  }
  return false;
}

size_t digestBytes(DigestAlgorithm algorithm) { return kDescriptions[static_cast<size_t>(algorithm)].sizeBytes; }

std::string toHex(std::string_view bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

uint32_t DigestSet::fasterTogether() {
  static const uint32_t algorithms = findFasterTogether();
  return algorithms;
}

void DigestSet::startTogether(uint32_t algorithms) {
  start(algorithms & ~fasterTogether());
  inLanes_ = algorithms & fasterTogether();
  active_ |= inLanes_;
  for (size_t index = 0; index < kLaneAlgorithms; index += 1) {
    if ((inLanes_ & bit(kInLanes[index])) != 0) lanes_[index].start(static_cast<LaneAlgorithm>(index));
  }
}

void DigestSet::start(uint32_t algorithms) {
  active_ = inLanes_ = 0;
  for (size_t index = 0; index < kDigestAlgorithms; index += 1) {
    values_[index].clear();
    if ((algorithms & (1u << index)) == 0) continue;
    if (!digests_[index]) digests_[index] = Digest::create(static_cast<DigestAlgorithm>(index));
    if (digests_[index] && digests_[index]->start()) active_ |= 1u << index;
  }
}

void DigestSet::update(const uint8_t* data, size_t sizeBytes) {
  for (size_t index = 0; index < kDigestAlgorithms; index += 1) {
    const uint32_t bit = 1u << index;
    if ((active_ & ~inLanes_ & bit) != 0 && !digests_[index]->update(data, sizeBytes)) active_ &= ~bit;
  }
}

void DigestSet::finish() {
  for (size_t index = 0; index < kLaneAlgorithms; index += 1) {
    const DigestAlgorithm algorithm = kInLanes[index];
    if ((active_ & inLanes_ & bit(algorithm)) != 0) values_[static_cast<size_t>(algorithm)] = lanes_[index].value();
  }
  for (size_t index = 0; index < kDigestAlgorithms; index += 1) {
    if ((active_ & ~inLanes_ & (1u << index)) != 0) values_[index] = digests_[index]->finish();
  }
  active_ = 0;
}

void updateTogether(const std::vector<DigestInput>& inputs) {
  for (size_t index = 0; index < kLaneAlgorithms; index += 1) {
    std::vector<LaneInput> streams;
    for (const DigestInput& input : inputs) {
      DigestSet& set = *input.digests;
      if ((set.active_ & set.inLanes_ & DigestSet::bit(kInLanes[index])) == 0) continue;
      streams.push_back({&set.lanes_[index], input.data, input.sizeBytes, input.last});
    }
    const auto algorithm = static_cast<LaneAlgorithm>(index);
    if (!streams.empty()) updateLanes(*lanesFor(algorithm), algorithm, std::move(streams));
  }
  for (const DigestInput& input : inputs) input.digests->update(input.data, input.sizeBytes);
}

}  // namespace mig
