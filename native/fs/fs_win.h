// What the implementations of fs.h for Windows have in common.
#pragma once

#include "platform/windows.h"

#include <string>

#include "fs/fs.h"

namespace mig::fs {

inline HANDLE handleOf(const Descriptor& descriptor) { return reinterpret_cast<HANDLE>(descriptor.value()); }

// The errno value for what GetLastError() gave.
int errorOf(DWORD code);
// The same for the answer of an Nt function; 0 for a success.
int errorOfStatus(NTSTATUS status);

// Opens a name in a directory with NtCreateFile; `options` are those of that function.
int openRelative(const Descriptor& parent, const char* name, ACCESS_MASK access, ULONG options, Descriptor& out);

// From what a directory or a file says about itself; `tag` means something for reparse points only. Volumes that appear in
// a folder and links to directories have the same tag: such a one is unknown.
FileType typeOf(DWORD attributes, DWORD tag);
// Whether a volume appears in the folder that this handle of a reparse point stands for.
bool isVolumeFolder(const Descriptor& reparsePoint);

}  // namespace mig::fs
