// Helpers of fs.h for Windows.
#pragma once

#include "platform/windows.h"

#include <string>

#include "fs/fs.h"

namespace mig::fs {

inline HANDLE handleOf(const Descriptor& descriptor) { return reinterpret_cast<HANDLE>(descriptor.value()); }

// The errno value for a GetLastError() code.
int errorOf(DWORD code);
// The errno value for an NTSTATUS; 0 for success.
int errorOfStatus(NTSTATUS status);

// Opens a name in a directory with NtCreateFile, with the `options` of that function.
int openRelative(const Descriptor& parent, const char* name, ACCESS_MASK access, ULONG options, Descriptor& out);

// The type by the attributes of a directory entry or file; `tag` counts for reparse points only. Mounted volumes and
// links to directories have the same tag: their type is unknown.
FileType typeOf(DWORD attributes, DWORD tag);
// Whether this reparse point's handle is the mount point of a volume.
bool isVolumeFolder(const Descriptor& reparsePoint);

}  // namespace mig::fs
