#include "process/limits.h"

#include "platform/privilege_win.h"
#include "platform/windows.h"

namespace mig {

namespace {

// IoPriorityVeryLow of the driver headers.
constexpr ULONG kIoPriorityVeryLow = 0;
// STATUS_NOT_IMPLEMENTED: wine supports only one kind of priority.
constexpr NTSTATUS kNotImplemented = static_cast<NTSTATUS>(0xC0000002);

void addLastError(std::string& error, const char* what) { addLimitError(error, what, static_cast<int>(GetLastError())); }

DWORD WINAPI waitForParent(void* parent) {
  WaitForSingleObject(parent, INFINITE);
  TerminateProcess(GetCurrentProcess(), 1);
  return 0;
}

ULONG_PTR readParentId() {
  PROCESS_BASIC_INFORMATION information{};
  if (NtQueryInformationProcess(GetCurrentProcess(), ProcessBasicInformation, &information, sizeof information, nullptr) != 0) return 0;
  return information.InheritedFromUniqueProcessId;
}

bool startedBefore(HANDLE parent) {
  FILETIME parentStart, ownStart, unused;
  return GetProcessTimes(parent, &parentStart, &unused, &unused, &unused) &&
         GetProcessTimes(GetCurrentProcess(), &ownStart, &unused, &unused, &unused) &&
         CompareFileTime(&parentStart, &ownStart) <= 0;
}

}  // namespace

void addLimitError(std::string& error, const char* what, int cause) {
  if (!error.empty()) error += "; ";
  error += what;
  error += ": ";
  error += describeWindowsError(static_cast<unsigned long>(cause));
}

// Not PROCESS_MODE_BACKGROUND_BEGIN: it also limits the working set to less than a search of large files needs.
bool lowerPriority(std::string& error) {
  if (!SetPriorityClass(GetCurrentProcess(), IDLE_PRIORITY_CLASS)) addLastError(error, "cpu priority");
  ULONG ioPriority = kIoPriorityVeryLow;
  const NTSTATUS status = NtSetInformationProcess(GetCurrentProcess(), ProcessIoPriority, &ioPriority, sizeof ioPriority);
  if (status != 0 && status != kNotImplemented) addLimitError(error, "i/o priority", static_cast<int>(RtlNtStatusToDosError(status)));
  // File pages read by this process are evicted first when memory is short.
  MEMORY_PRIORITY_INFORMATION memory{MEMORY_PRIORITY_VERY_LOW};
  if (!SetProcessInformation(GetCurrentProcess(), ProcessMemoryPriority, &memory, sizeof memory) &&
      GetLastError() != ERROR_INVALID_FUNCTION)
    addLastError(error, "memory priority");
  return error.empty();
}

bool limitMemory(uint64_t memoryBytes, std::string& error) {
  // A module's memory must not end up in an error report.
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  const HANDLE job = CreateJobObjectW(nullptr, nullptr);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
  limits.ProcessMemoryLimit = static_cast<SIZE_T>(memoryBytes);
  const bool isLimited = job != nullptr && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) &&
                         AssignProcessToJobObject(job, GetCurrentProcess());
  if (!isLimited) addLastError(error, "memory limit");
  // The job lasts as long as the process; an open handle would allow changing the limit.
  if (job != nullptr) CloseHandle(job);
  return isLimited;
}

bool endWithParent(std::string& error) {
  const HANDLE parent = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, static_cast<DWORD>(readParentId()));
  // The pid may belong to another process by now.
  if (parent == nullptr ? GetLastError() == ERROR_INVALID_PARAMETER : !startedBefore(parent)) TerminateProcess(GetCurrentProcess(), 1);
  const HANDLE thread = parent == nullptr ? nullptr : CreateThread(nullptr, 0, waitForParent, parent, 0, nullptr);
  if (thread == nullptr) {
    addLastError(error, "wait for the parent's end");
    return false;
  }
  CloseHandle(thread);
  return true;
}

}  // namespace mig
