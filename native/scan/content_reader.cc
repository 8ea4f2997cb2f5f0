#include "scan/content_reader.h"

#include <algorithm>

#include "scan/first_bytes.h"
#include "unpack/unpackers.h"

namespace mig {

namespace {

constexpr uint64_t kMaxUnsizedBytes = 16ull << 20;

}  // namespace

ContentReader::ContentReader(ScanState& state)
    : state_(state), unpacker_(makeFileUnpacker([&state] {
        state.pause();
        return !state.shouldStop();
      })) {}

void ContentReader::read(const OpenFile& file, const std::vector<FileState*>& searches) {
  searches_ = searches;
  raw_.reset();
  unpacked_.reset();
  isUnpacking_ = hasUnpacked_ = isWithheld_ = rawComplete_ = unpackedComplete_ = false;
  const bool isSized = !file.isPseudo && file.info.sizeBytes > 0;
  const uint64_t limitBytes = isSized ? file.info.sizeBytes : kMaxUnsizedBytes;
  if (isSized && limitBytes > fs::kAvoidCachingFromBytes) fs::avoidCaching(file.descriptor);
  readPieces(file, limitBytes, isSized);
  // The amount read so far tells where something is.
  if (isWithheld_ && isSized) state_.counters.bytes.fetch_add(file.info.sizeBytes, std::memory_order_relaxed);
  if (!rawComplete_) raw_.endEarly();
  if (!unpackedComplete_) unpacked_.endEarly();
  raw_.digests().finish();
  unpacked_.digests().finish();
  bool isUndecided = false;
  for (FileState* search : searches_) {
    if (search->stream() == nullptr) continue;
    search->takeFinal(search->stream() == &unpacked_ ? unpackedComplete_ : rawComplete_);
    isUndecided = isUndecided || search->isUndecided();
  }
  if (isUndecided && isWithheld_) state_.count(Skip::undecided);
  else if (isUndecided) state_.note(Skip::undecided, file.path(), "a line of more than 4 MiB may have a match of more than 64 KiB");
}

void ContentReader::readPieces(const OpenFile& file, uint64_t limitBytes, bool isSized) {
  uint64_t offset = 0;
  bool isOpen = true;
  while (isOpen && !rawComplete_ && !state_.shouldStop()) {
    uint8_t* piece = raw_.space();
    if (piece == nullptr) return state_.stop(StopReason::memory);
    const auto wanted = static_cast<size_t>(std::min<uint64_t>(ContentStream::kPieceBytes, limitBytes - offset));
    size_t count = 0;
    const int error = fs::readPiece(file.descriptor, offset, piece, wanted, count);
    if (error != 0 && count == 0) return state_.noteReadError(file.path(), offset, error);
    if (offset == 0) {
      if (!judge(file, piece, count, searches_)) return;
      attach(file, piece, count);
    }
    offset += count;
    if (!isWithheld_) state_.counters.bytes.fetch_add(count, std::memory_order_relaxed);
    if (error == 0 && count < wanted && isSized) state_.count(Skip::changedWhileRead);
    const bool isCut = !isSized && offset >= limitBytes;
    rawComplete_ = error == 0 && (count < wanted || (isSized && offset >= limitBytes));
    if (!raw_.match(count, rawComplete_)) return state_.stop(StopReason::memory);
    if (isUnpacking_) isUnpacking_ = unpackPiece(file, piece, count, rawComplete_);
    isOpen = settle();
    raw_.digest();
    state_.pause();
    if (error != 0) return state_.noteReadError(file.path(), offset, error);
    if (isCut) return state_.note(Skip::sizeLimit, file.path(), "only the first 16 MiB were read");
  }
  fs::FileInfo after;
  const bool wasLong = isSized && offset > ContentStream::kPieceBytes;
  if (wasLong && fs::readInfo(file.descriptor, after) == 0 && !after.isSameVersion(file.info)) state_.count(Skip::changedWhileRead);
}

bool ContentReader::judge(const OpenFile& file, const uint8_t* head, size_t count, const std::vector<FileState*>& searches) {
  judgeFirstBytes(state_, head, count, searches, [&] { return file.isRoot ? file.path() : std::string(); });
  isWithheld_ = isWithheld_ || std::any_of(searches.begin(), searches.end(), [](const FileState* search) { return search->isWithheld(); });
  return anyWantsContent(searches);
}

bool ContentReader::judgeUnpacked(const OpenFile& file, const uint8_t* head, size_t count) {
  std::vector<FileState*> searches;
  for (FileState* search : searches_) {
    if (search->stream() == &unpacked_) searches.push_back(search);
  }
  return judge(file, head, count, searches);
}

// The first bytes decide which stream carries the content of each search.
void ContentReader::attach(const OpenFile& file, const uint8_t* data, size_t count) {
  format_ = packFormatOf(data, count);
  bool wantsUnpacked = false;
  for (FileState* search : searches_) {
    if (!search->wantsContent()) continue;
    const bool unpack = format_ != PackFormat::none && search->wantsUnpacked();
    wantsUnpacked = wantsUnpacked || unpack;
    search->attach(unpack ? unpacked_ : raw_);
  }
  if (wantsUnpacked) {
    unpacker_->start(format_);
    isUnpacking_ = noteUnpacked(file, false);
  }
  raw_.digests().start(wantedDigests(raw_));
  unpacked_.digests().start(wantedDigests(unpacked_));
}

uint32_t ContentReader::wantedDigests(const ContentStream& stream) const {
  uint32_t wanted = 0;
  for (const FileState* search : searches_) {
    if (search->stream() == &stream) wanted |= search->wantedDigests();
  }
  return wanted;
}

bool ContentReader::settle() {
  bool isOpen = false;
  for (FileState* search : searches_) {
    if (search->stream() == nullptr) continue;
    search->takeDecided();
    // A file that could not be unpacked stays unknown, which is no reason to read on.
    if (search->stream() == &unpacked_ && !isUnpacking_) continue;
    isOpen = isOpen || search->wantsContent();
  }
  raw_.digests().keepOnly(wantedDigests(raw_));
  unpacked_.digests().keepOnly(wantedDigests(unpacked_));
  return isOpen;
}

void ContentReader::noteTooLarge(const OpenFile& file) {
  state_.note(Skip::sizeLimit, file.path(), std::string(packFormatName(format_)) + " data needs too much memory to unpack");
}

bool ContentReader::noteUnpacked(const OpenFile& file, bool last) {
  UnpackState state = unpacker_->state();
  if (last && state == UnpackState::reading && !unpacker_->isComplete() && !state_.shouldStop()) state = UnpackState::malformed;
  switch (state) {
    case UnpackState::reading:
    case UnpackState::finished: return true;
    case UnpackState::tooLarge:
      state_.note(Skip::sizeLimit, file.path(), "the unpacked size is over the limit; only the beginning was read");
      return false;
    case UnpackState::needsTooMuchMemory: noteTooLarge(file); return false;
    case UnpackState::malformed:
      state_.note(Skip::readError, file.path(), std::string(packFormatName(format_)) + " data is damaged or ends early");
      return false;
    case UnpackState::failed:
      state_.note(Skip::readError, file.path(), std::string(packFormatName(format_)) + " data made the process fail that unpacked it");
      return false;
  }
  return false;
}

// False when unpacking has ended.
bool ContentReader::unpackPiece(const OpenFile& file, const uint8_t* data, size_t count, bool last) {
  unpacker_->setInput(data, count);
  while (!state_.shouldStop()) {
    uint8_t* out = unpacked_.space();
    if (out == nullptr) {
      state_.stop(StopReason::memory);
      return false;
    }
    const size_t unpacked = unpacker_->unpack(out, ContentStream::kPieceBytes);
    if (unpacked == 0) break;
    if (!hasUnpacked_) {
      if (!judgeUnpacked(file, out, unpacked)) return false;
      if (packFormatOf(out, unpacked) != PackFormat::none) state_.note(Skip::unsupported, file.path(), "is packed twice, and was unpacked once");
    }
    hasUnpacked_ = true;
    if (!unpacked_.match(unpacked, false)) {
      state_.stop(StopReason::memory);
      return false;
    }
    if (!settle()) return false;
    unpacked_.digest();
    state_.pause();
  }
  if (!noteUnpacked(file, last)) return false;
  if (!last || state_.shouldStop()) return true;
  unpackedComplete_ = unpacked_.space() != nullptr && unpacked_.match(0, true);
  if (!unpackedComplete_) state_.stop(StopReason::memory);
  return unpackedComplete_;
}

}  // namespace mig
