// The layout of systemd's journal files. Numbers are little-endian, and objects begin at multiples of 8.
// See https://systemd.io/JOURNAL_FILE_FORMAT/ and src/libsystemd/sd-journal/journal-def.h of systemd.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mig::journal {

using Id = std::array<uint8_t, 16>;

inline uint32_t number32(const uint8_t* at) {
  return uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
}
inline uint64_t number64(const uint8_t* at) { return number32(at) | uint64_t{number32(at + 4)} << 32; }
inline Id idAt(const uint8_t* at) {
  Id id;
  memcpy(id.data(), at, id.size());
  return id;
}
inline uint64_t aligned(uint64_t offset) { return (offset + 7) & ~uint64_t{7}; }

// Offsets in the file's header. A file may have a longer one, and older files a shorter one.
namespace header {
constexpr size_t kCompatible = 8;
constexpr size_t kIncompatible = 12;
constexpr size_t kState = 16;
constexpr size_t kFileId = 24;
constexpr size_t kMachineId = 40;
constexpr size_t kSequenceId = 72;
constexpr size_t kHeaderBytes = 88;
constexpr size_t kArenaBytes = 96;
constexpr size_t kDataTable = 104;  // offset, then size in bytes
constexpr size_t kTailObject = 136;
constexpr size_t kEntries = 152;
constexpr size_t kEntryArray = 176;
constexpr size_t kHeadRealtime = 184;
constexpr size_t kTailRealtime = 192;
constexpr size_t kMinimumBytes = 208;
}  // namespace header

constexpr char kSignature[] = "LPKSHHRH";
constexpr uint32_t kSealed = 1;  // compatible

enum Incompatible : uint32_t { kXzUsed = 1, kLz4Used = 2, kKeyedHash = 4, kZstdUsed = 8, kCompact = 16 };
constexpr uint32_t kKnownIncompatible = kXzUsed | kLz4Used | kKeyedHash | kZstdUsed | kCompact;

enum class State : uint8_t { offline, online, archived };

enum class ObjectType : uint8_t { unused, data, field, entry, dataHashTable, fieldHashTable, entryArray, tag };
constexpr uint8_t kObjectTypes = 8;

// Flags of an object.
enum Compression : uint8_t { kXz = 1, kLz4 = 2, kZstd = 4 };
constexpr uint8_t kAnyCompression = kXz | kLz4 | kZstd;

// Every object begins with its type, its flags and, at 8, its size in bytes with this header.
constexpr size_t kObjectHeaderBytes = 16;

namespace data {
constexpr size_t kHash = 16;
constexpr size_t kNextInTable = 24;
constexpr size_t kFirstEntry = 40;
constexpr size_t kEntryArray = 48;
constexpr size_t kEntries = 56;
constexpr size_t kPayload = 64;
constexpr size_t kCompactPayload = 72;
}  // namespace data

namespace entry {
constexpr size_t kNumber = 16;
constexpr size_t kRealtime = 24;  // microseconds since 1970
constexpr size_t kBootId = 40;
constexpr size_t kXorHash = 56;
constexpr size_t kItems = 64;
constexpr size_t kItemBytes = 16;  // offset, then hash
constexpr size_t kCompactItemBytes = 4;
}  // namespace entry

namespace entryArray {
constexpr size_t kNext = 16;
constexpr size_t kItems = 24;
}  // namespace entryArray

}  // namespace mig::journal
