#include "proc/process_mac.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace mig::proc {

namespace {

// The text up to its NUL; moves `at` past it.
std::string_view takeString(const char*& at, const char* end) {
  const auto* stop = static_cast<const char*>(memchr(at, 0, static_cast<size_t>(end - at)));
  if (stop == nullptr) stop = end;
  const std::string_view text(at, static_cast<size_t>(stop - at));
  at = std::min(stop + 1, end);
  return text;
}

}  // namespace

int readKernelInfo(int pid, kinfo_proc& info) {
  int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, pid};
  size_t bytes = sizeof info;
  if (sysctl(name, 4, &info, &bytes, nullptr, 0) != 0) return errno;
  return bytes == sizeof info && info.kp_proc.p_pid == pid ? 0 : ESRCH;
}

uint64_t startOf(const kinfo_proc& info) {
  const timeval& start = info.kp_proc.p_starttime;
  return static_cast<uint64_t>(start.tv_sec) * 1000000 + static_cast<uint64_t>(start.tv_usec);
}

int checkStart(int pid, uint64_t startMicroseconds) {
  kinfo_proc info{};
  if (const int error = readKernelInfo(pid, info)) return error;
  return startOf(info) == startMicroseconds ? 0 : ESRCH;
}

// KERN_PROCARGS2: the number of arguments, the executable's path, NULs, the arguments, the environment.
int readArguments(int pid, size_t maxBytes, std::string& arguments, std::string& environment, bool& isCut) {
  int sizeName[] = {CTL_KERN, KERN_ARGMAX};
  int capacity = 0;
  size_t capacityBytes = sizeof capacity;
  if (sysctl(sizeName, 2, &capacity, &capacityBytes, nullptr, 0) != 0) return errno;
  std::vector<char> buffer(static_cast<size_t>(capacity));
  int name[] = {CTL_KERN, KERN_PROCARGS2, pid};
  size_t bytes = buffer.size();
  if (sysctl(name, 3, buffer.data(), &bytes, nullptr, 0) != 0) return errno;
  int count = 0;
  if (bytes < sizeof count) return EINVAL;
  memcpy(&count, buffer.data(), sizeof count);
  const char* at = buffer.data() + sizeof count;
  const char* end = buffer.data() + bytes;
  takeString(at, end);
  while (at < end && *at == 0) at += 1;
  for (int index = 0; index < count && at < end; index += 1) {
    arguments.append(takeString(at, end));
    arguments += '\0';
  }
  environment.assign(at, static_cast<size_t>(end - at));
  isCut = arguments.size() > maxBytes;
  if (isCut) arguments.resize(maxBytes);
  return 0;
}

}  // namespace mig::proc
