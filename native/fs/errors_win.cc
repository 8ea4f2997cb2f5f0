// Maps Windows errors to the errno values of fs.h.
#include <cerrno>

#include "fs/fs_win.h"

namespace mig::fs {

int errorOf(DWORD code) {
  switch (code) {
    case ERROR_SUCCESS: return 0;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_DELETE_PENDING: return ENOENT;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
    case ERROR_NETWORK_ACCESS_DENIED: return EACCES;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION: return EBUSY;
    case ERROR_DIRECTORY: return ENOTDIR;
    case ERROR_CANT_RESOLVE_FILENAME: return ELOOP;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: return ENOMEM;
    case ERROR_TOO_MANY_OPEN_FILES: return EMFILE;
    case ERROR_INVALID_PARAMETER:
    case ERROR_INVALID_FUNCTION: return EINVAL;
    case ERROR_NOT_SUPPORTED:
    case ERROR_CALL_NOT_IMPLEMENTED: return ENOSYS;
    case ERROR_NOT_READY:
    case ERROR_NO_MEDIA_IN_DRIVE: return ENXIO;
    default: return EIO;
  }
}

int errorOfStatus(NTSTATUS status) { return status >= 0 ? 0 : errorOf(RtlNtStatusToDosError(status)); }

// Texts for the values above and for those that this folder's functions return themselves.
std::string describeError(int error) {
  switch (error) {
    case ENOENT: return "No such file or directory";
    case EACCES: return "Permission denied";
    case EBUSY: return "Opened by another process without sharing";
    case ENOTDIR: return "Not a directory";
    case EISDIR: return "Is a directory";
    case ELOOP: return "A link where none was expected, or too many of them";
    case ENOMEM: return "Cannot allocate memory";
    case EMFILE: return "Too many open files";
    case EINVAL: return "Invalid argument";
    case ENOSYS: return "Not supported by this system";
    case ENXIO: return "No medium in the drive";
    case ENOTSUP: return "The content is stored remotely; reading it would fetch it";
    default: return "Input or output error";
  }
}

}  // namespace mig::fs
