// The system's header, reduced. Its version and the excluded parts are set in builder/addon/toolchain.ts for all files
// alike, since libuv's header includes it, too.
#pragma once

#include <winsock2.h>

#include <windows.h>
#include <winternl.h>
