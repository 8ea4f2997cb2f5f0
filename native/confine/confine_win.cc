#include "confine/confine.h"

#include "confine/token_win.h"
#include "platform/windows.h"
#include "process/limits.h"

namespace mig {

namespace {

// A job for this process alone, which forbids new processes. Limits on windows and the clipboard fail in a process that
// is in a job already, as every child of Node is. The handle is closed, because it would allow changing the job.
bool refuseProcesses(std::string& error) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  limits.BasicLimitInformation.ActiveProcessLimit = 1;
  const HANDLE job = CreateJobObjectW(nullptr, nullptr);
  const bool isIn = job != nullptr && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) &&
                    AssignProcessToJobObject(job, GetCurrentProcess());
  if (!isIn) addLimitError(error, "job of its own", static_cast<int>(GetLastError()));
  if (job != nullptr) CloseHandle(job);
  return isIn;
}

// Each holds if this Windows knows it; the job's limits hold everywhere. Dynamic code stays allowed: V8 generates it.
void takePolicies() {
  PROCESS_MITIGATION_CHILD_PROCESS_POLICY children{};
  children.NoChildProcessCreation = 1;
  SetProcessMitigationPolicy(ProcessChildProcessPolicy, &children, sizeof children);
  PROCESS_MITIGATION_IMAGE_LOAD_POLICY images{};
  images.NoRemoteImages = 1;
  images.NoLowMandatoryLabelImages = 1;
  images.PreferSystem32Images = 1;
  SetProcessMitigationPolicy(ProcessImageLoadPolicy, &images, sizeof images);
  PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY extensions{};
  extensions.DisableExtensionPoints = 1;
  SetProcessMitigationPolicy(ProcessExtensionPointDisablePolicy, &extensions, sizeof extensions);
}

ModuleNeeds needsOfFiles() {
  ModuleNeeds needs;
  needs.readsAllFiles = true;
  return needs;
}

ModuleNeeds needsOfProcesses() {
  ModuleNeeds needs = needsOfFiles();
  needs.readsProcesses = true;
  return needs;
}

}  // namespace

ConfinementSupport readConfinementSupport() {
  ConfinementSupport support;
  support.restrictedToken = true;
  support.lowIntegrity = readsAtLowIntegrity(needsOfFiles());
  support.lowIntegrityForProcesses = support.lowIntegrity && readsAtLowIntegrity(needsOfProcesses());
  return support;
}

bool confine(const ModuleNeeds& needs, std::string& error) {
  const bool isLowered = readsAtLowIntegrity(needs);
  keepPrivileges(needs, error);
  refuseProcesses(error);
  takePolicies();
  // Last step: after it this process can change no token, not even its own.
  if (isLowered) lowerIntegrity(error);
  return error.empty();
}

}  // namespace mig
