// The system's header with as little of it as possible; its version and what it leaves out are set for all files alike, in
// builder/addon/toolchain.ts, since libuv's header includes it, too.
#pragma once

#include <winsock2.h>

#include <windows.h>
#include <winternl.h>
