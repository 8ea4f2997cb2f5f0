#include "journal/file_header.h"

#include <cstring>

namespace mig::journal {

namespace {

// The objects' table of offsets would need more memory for a larger file; journald's own limit is 4 GiB.
constexpr uint64_t kMostFileBytes = uint64_t{1} << 35;

}  // namespace

HeaderOutcome readHeader(ByteSource& source, FileHeader& header) {
  uint8_t bytes[header::kMinimumBytes];
  if (source.read(0, bytes, sizeof bytes) < sizeof bytes) return HeaderOutcome::malformed;
  if (memcmp(bytes, kSignature, sizeof kSignature - 1) != 0) return HeaderOutcome::malformed;
  const uint32_t incompatible = number32(bytes + header::kIncompatible);
  const uint8_t state = bytes[header::kState];
  header.headerBytes = number64(bytes + header::kHeaderBytes);
  if ((incompatible & ~kKnownIncompatible) != 0 || state > static_cast<uint8_t>(State::archived)) return HeaderOutcome::unsupported;
  if (source.sizeBytes() > kMostFileBytes) return HeaderOutcome::unsupported;
  if (header.headerBytes < header::kMinimumBytes || header.headerBytes % 8 != 0) return HeaderOutcome::malformed;
  const uint64_t arenaBytes = number64(bytes + header::kArenaBytes);
  header.endBytes = arenaBytes > kMostFileBytes ? kMostFileBytes : header.headerBytes + arenaBytes;
  header.state = static_cast<State>(state);
  header.isSealed = (number32(bytes + header::kCompatible) & kSealed) != 0;
  header.isCompact = (incompatible & kCompact) != 0;
  header.hasKeyedHash = (incompatible & kKeyedHash) != 0;
  header.fileId = idAt(bytes + header::kFileId);
  header.machineId = idAt(bytes + header::kMachineId);
  header.sequenceId = idAt(bytes + header::kSequenceId);
  header.dataTable = number64(bytes + header::kDataTable);
  header.dataTableBytes = number64(bytes + header::kDataTable + 8);
  header.tailObject = number64(bytes + header::kTailObject);
  header.entries = number64(bytes + header::kEntries);
  header.entryArray = number64(bytes + header::kEntryArray);
  header.headRealtime = number64(bytes + header::kHeadRealtime);
  header.tailRealtime = number64(bytes + header::kTailRealtime);
  return HeaderOutcome::known;
}

}  // namespace mig::journal
