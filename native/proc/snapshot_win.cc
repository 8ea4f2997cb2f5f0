#include "proc/snapshot_win.h"

#include <algorithm>

#include "fs/fs_win.h"
#include "proc/process_win.h"
#include "text/wide_win.h"

namespace mig::proc {

namespace {

// STATUS_INFO_LENGTH_MISMATCH of ntstatus.h: the buffer is too small.
constexpr auto kTooSmall = static_cast<NTSTATUS>(0xc0000004);
constexpr size_t kFirstBytes = 512 << 10;
constexpr size_t kMaxBytes = 256 << 20;

int toNumber(HANDLE id) { return static_cast<int>(reinterpret_cast<intptr_t>(id)); }

}  // namespace

int readSnapshot(std::vector<SnapshotEntry>& entries) {
  entries.clear();
  std::vector<char> buffer(kFirstBytes);
  NTSTATUS status = kTooSmall;
  while (status == kTooSmall && buffer.size() <= kMaxBytes) {
    ULONG needed = 0;
    status = NtQuerySystemInformation(SystemProcessInformation, buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
    // More processes may start meanwhile.
    if (status == kTooSmall) buffer.resize(std::max<size_t>(buffer.size() * 2, needed));
  }
  if (status < 0) return fs::errorOfStatus(status);
  for (const char* at = buffer.data();;) {
    const auto* process = reinterpret_cast<const SYSTEM_PROCESS_INFORMATION*>(at);
    const std::wstring_view name(process->ImageName.Buffer, process->ImageName.Length / sizeof(wchar_t));
    entries.push_back({toNumber(process->UniqueProcessId), toNumber(process->InheritedFromUniqueProcessId), fromWide(name),
                       toMicroseconds(static_cast<uint64_t>(process->CreateTime.QuadPart))});
    if (process->NextEntryOffset == 0) break;
    at += process->NextEntryOffset;
  }
  std::sort(entries.begin(), entries.end(), [](const SnapshotEntry& a, const SnapshotEntry& b) { return a.pid < b.pid; });
  return 0;
}

}  // namespace mig::proc
