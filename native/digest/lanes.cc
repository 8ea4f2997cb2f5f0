#include "digest/lanes.h"

#include <algorithm>
#include <cstring>

#include "digest/lanes_constants.h"

namespace mig {

namespace {

struct Shape {
  size_t stateWords;
  ByteOrder byteOrder;
  const uint32_t* start;
};

// In the order of LaneAlgorithm.
constexpr Shape kShapes[] = {
    {4, ByteOrder::little, kMd5Start}, {5, ByteOrder::big, kSha1Start}, {8, ByteOrder::big, kSha256Start}};

const Shape& shapeOf(LaneAlgorithm algorithm) { return kShapes[static_cast<size_t>(algorithm)]; }

// Bits, counted from the lowest one.
unsigned shiftOf(ByteOrder order, unsigned index, unsigned sizeBytes) {
  return 8 * (order == ByteOrder::little ? index : sizeBytes - 1 - index);
}

}  // namespace

void LaneDigest::start(LaneAlgorithm algorithm) {
  algorithm_ = algorithm;
  isPadded_ = false;
  sizeBytes_ = 0;
  restBytes_ = 0;
  const Shape& shape = shapeOf(algorithm);
  std::copy(shape.start, shape.start + shape.stateWords, state_.begin());
}

// A one bit, zeros, and the length in bits at the end of a block.
void LaneDigest::pad() {
  const uint64_t sizeBits = sizeBytes_ * 8;
  const size_t padded = restBytes_ + 1 + sizeof sizeBits > kBlockBytes ? 2 * kBlockBytes : kBlockBytes;
  rest_[restBytes_] = 0x80;
  std::fill(rest_.begin() + restBytes_ + 1, rest_.begin() + padded, uint8_t{0});
  for (unsigned index = 0; index < sizeof sizeBits; index += 1) {
    const unsigned shift = shiftOf(shapeOf(algorithm_).byteOrder, index, sizeof sizeBits);
    rest_[padded - sizeof sizeBits + index] = static_cast<uint8_t>(sizeBits >> shift);
  }
  restBytes_ = padded;
  isPadded_ = true;
}

std::string LaneDigest::value() const {
  std::string bytes;
  if (!isPadded_) return bytes;
  const Shape& shape = shapeOf(algorithm_);
  for (size_t word = 0; word < shape.stateWords; word += 1) {
    for (unsigned index = 0; index < sizeof(uint32_t); index += 1) {
      bytes += static_cast<char>(state_[word] >> shiftOf(shape.byteOrder, index, sizeof(uint32_t)));
    }
  }
  return bytes;
}

// One input as a sequence of runs of whole blocks.
class LaneStream {
 public:
  LaneStream() = default;
  explicit LaneStream(const LaneInput& input) : input_(input) { input_.digest->sizeBytes_ += input.sizeBytes; }

  LaneDigest& digest() { return *input_.digest; }
  const uint8_t* at() const { return at_; }
  size_t blocks() const { return blocks_; }
  void advance(size_t blocks) {
    at_ += blocks * kBlockBytes;
    blocks_ -= blocks;
  }

  // Call when no blocks are left; false at the end of the input.
  bool next() {
    LaneDigest& digest = *input_.digest;
    if (digest.isPadded_) return false;
    if (digest.restBytes_ > 0) {
      take(std::min(kBlockBytes - digest.restBytes_, input_.sizeBytes));
      if (digest.restBytes_ == kBlockBytes) return showRest();
    } else if (input_.sizeBytes >= kBlockBytes) {
      at_ = input_.data;
      blocks_ = input_.sizeBytes / kBlockBytes;
      input_.data += blocks_ * kBlockBytes;
      input_.sizeBytes -= blocks_ * kBlockBytes;
      return true;
    }
    take(input_.sizeBytes);
    if (!input_.last) return false;
    digest.pad();
    return showRest();
  }

 private:
  void take(size_t sizeBytes) {
    LaneDigest& digest = *input_.digest;
    if (sizeBytes > 0) memcpy(digest.rest_.data() + digest.restBytes_, input_.data, sizeBytes);
    digest.restBytes_ += sizeBytes;
    input_.data += sizeBytes;
    input_.sizeBytes -= sizeBytes;
  }
  bool showRest() {
    at_ = input_.digest->rest_.data();
    blocks_ = input_.digest->restBytes_ / kBlockBytes;
    input_.digest->restBytes_ = 0;
    return true;
  }

  LaneInput input_{};
  const uint8_t* at_ = nullptr;
  size_t blocks_ = 0;
};

// All inputs of one call: a free lane takes the next input at once.
class LaneRun {
 public:
  LaneRun(const LaneSet& set, LaneAlgorithm algorithm, const std::vector<LaneInput>& inputs)
      : set_(set), stateWords_(shapeOf(algorithm).stateWords), inputs_(inputs) {}

  void run() {
    for (size_t lane = 0; lane < set_.many.lanes; lane += 1) occupy(lane);
    while (busy_ >= set_.fewest) hashTogether();
    for (size_t lane = 0; lane < set_.many.lanes; lane += 1) {
      if (isBusy_[lane]) hashAlone(lane);
    }
  }

 private:
  // Gives the lane its next blocks: of its own stream, or of the next non-empty input.
  void occupy(size_t lane) {
    if (isBusy_[lane]) {
      if (streams_[lane].next()) return;
      storeState(lane);
      isBusy_[lane] = false;
      busy_ -= 1;
    }
    while (taken_ < inputs_.size()) {
      streams_[lane] = LaneStream(inputs_[taken_]);
      taken_ += 1;
      if (!streams_[lane].next()) continue;
      loadState(lane);
      isBusy_[lane] = true;
      busy_ += 1;
      return;
    }
  }

  // Hashes in each busy lane as many blocks as the lane with the fewest has.
  void hashTogether() {
    size_t blocks = SIZE_MAX;
    const uint8_t* data[kMaxLanes];
    const uint8_t* any = nullptr;
    for (size_t lane = 0; lane < set_.many.lanes; lane += 1) {
      if (!isBusy_[lane]) continue;
      any = data[lane] = streams_[lane].at();
      blocks = std::min(blocks, streams_[lane].blocks());
    }
    for (size_t lane = 0; lane < set_.many.lanes; lane += 1) {
      // An idle lane repeats another lane's data; its result is ignored.
      if (!isBusy_[lane]) data[lane] = any;
    }
    set_.many.hash(states_, data, blocks);
    for (size_t lane = 0; lane < set_.many.lanes; lane += 1) {
      if (!isBusy_[lane]) continue;
      streams_[lane].advance(blocks);
      if (streams_[lane].blocks() == 0) occupy(lane);
    }
  }

  void hashAlone(size_t lane) {
    LaneStream& stream = streams_[lane];
    storeState(lane);
    do {
      const uint8_t* data = stream.at();
      set_.one.hash(stream.digest().state_.data(), &data, stream.blocks());
      stream.advance(stream.blocks());
    } while (stream.next());
  }

  void loadState(size_t lane) {
    for (size_t word = 0; word < stateWords_; word += 1) {
      states_[word * set_.many.lanes + lane] = streams_[lane].digest().state_[word];
    }
  }
  void storeState(size_t lane) {
    for (size_t word = 0; word < stateWords_; word += 1) {
      streams_[lane].digest().state_[word] = states_[word * set_.many.lanes + lane];
    }
  }

  const LaneSet& set_;
  const size_t stateWords_;
  const std::vector<LaneInput>& inputs_;
  size_t taken_ = 0;
  size_t busy_ = 0;
  std::array<bool, kMaxLanes> isBusy_{};
  std::array<LaneStream, kMaxLanes> streams_;
  alignas(64) uint32_t states_[8 * kMaxLanes] = {};
};

void updateLanes(const LaneSet& set, LaneAlgorithm algorithm, std::vector<LaneInput> inputs) {
  // The longest first: then few lanes idle at the end.
  std::sort(inputs.begin(), inputs.end(), [](const LaneInput& a, const LaneInput& b) { return a.sizeBytes > b.sizeBytes; });
  LaneRun(set, algorithm, inputs).run();
}

}  // namespace mig
