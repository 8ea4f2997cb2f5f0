// The header of a journal file.
#pragma once

#include <cstdint>
#include <string>

#include "journal/byte_source.h"
#include "journal/format.h"

namespace mig::journal {

struct FileHeader {
  State state = State::offline;
  bool isSealed = false;
  bool isCompact = false;
  bool hasKeyedHash = false;
  Id fileId{};
  Id machineId{};
  Id sequenceId{};
  uint64_t headerBytes = 0;
  uint64_t endBytes = 0;  // of header and objects
  uint64_t dataTable = 0;
  uint64_t dataTableBytes = 0;
  uint64_t tailObject = 0;
  uint64_t entries = 0;
  uint64_t entryArray = 0;
  uint64_t headRealtime = 0;
  uint64_t tailRealtime = 0;

  size_t payloadAt() const { return isCompact ? data::kCompactPayload : data::kPayload; }
  size_t itemBytes() const { return isCompact ? entry::kCompactItemBytes : entry::kItemBytes; }
  size_t arrayItemBytes() const { return isCompact ? 4 : 8; }
};

enum class HeaderOutcome : uint8_t { known, malformed, unsupported };

HeaderOutcome readHeader(ByteSource& source, FileHeader& header);

}  // namespace mig::journal
